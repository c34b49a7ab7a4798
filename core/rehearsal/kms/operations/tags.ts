import { z } from 'zod';
import { findKeyByIdOrArn } from '../find-key';
import { NOT_DELETED, requireState } from '../key-state';
import { reading, writing } from '../operation';
import { pageOf } from '../paging';
import { yes } from '../refusal';
import { keyIdShape, limitShape, markerShape, tagsShape } from '../shapes';
import { acceptTags } from '../tags';

const listShape = z.object({ KeyId: keyIdShape, Limit: limitShape(50), Marker: markerShape.optional() });

export const listResourceTags = reading(listShape, ({ KeyId, Limit = 50, Marker }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const page = pageOf(found.value.here.tags, Limit, Marker);
  if (!page.ok) return page;
  return yes({ Tags: page.value.items.map(({ key, value }) => ({ TagKey: key, TagValue: value })), ...page.value.rest });
});

const tagShape = z.object({ KeyId: keyIdShape, Tags: tagsShape });

export const tagResource = writing(tagShape, ({ KeyId, Tags }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const ready = requireState(found.value, call.now, NOT_DELETED);
  if (!ready.ok) return ready;
  const tags = acceptTags(found.value.here.tags, Tags);
  if (!tags.ok) return tags;
  found.value.here.tags = tags.value;
  call.notes.response = { keyId: found.value.arn };
  return yes({});
});

const untagShape = z.object({ KeyId: keyIdShape, TagKeys: z.array(z.string().min(1).max(128)) });

export const untagResource = writing(untagShape, ({ KeyId, TagKeys }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  if (!found.ok) return found;
  const ready = requireState(found.value, call.now, NOT_DELETED);
  if (!ready.ok) return ready;
  found.value.here.tags = found.value.here.tags.filter(({ key }) => !TagKeys.includes(key));
  call.notes.response = { keyId: found.value.arn };
  return yes({});
});
