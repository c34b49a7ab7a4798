import { z } from 'zod';
import { keyArn } from '../identity';
import { reading } from '../operation';
import { pageOf } from '../paging';
import { yes } from '../refusal';
import { limitShape, markerShape } from '../shapes';

const shape = z.object({ Limit: limitShape(1000), Marker: markerShape.optional() });

/** Every key of the Region, deleted ones aside; oldest first. */
export const listKeys = reading(shape, ({ Limit = 100, Marker }, { state, region }) => {
  const keyIds = Object.values(state.keys)
    .flatMap(({ keyId, regions }) => (regions[region] ? [{ keyId, createdAtMs: regions[region].createdAtMs }] : []))
    .sort((a, b) => a.createdAtMs - b.createdAtMs);
  const page = pageOf(keyIds, Limit, Marker);
  if (!page.ok) return page;
  const Keys = page.value.items.map(({ keyId }) => ({ KeyId: keyId, KeyArn: keyArn(region, keyId) }));
  return yes({ Keys, ...page.value.rest });
});
