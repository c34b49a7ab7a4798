import { afterEach, describe, expect, it } from 'vitest';
import { success } from '../../../../core/contract/result';
import { proxyQuietCredential } from '../../../../core/station/acts/store-credential';
import type { StationProxy } from '../../../../core/station/proxy-port';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

const [OLD, NEW] = ['A'.repeat(20), 'B'.repeat(20)];
const STORE = STORE_INPUTS.storeName;
const AN_HOUR_AGO = new Date(Date.now() - 3_600_000).toISOString();

let record: ActRecord | null = null;
afterEach(async () => record?.remove());

interface Seen {
  readonly store?: string;
  readonly lastUsed?: string | null;
  readonly uptimeSeconds?: number;
}

/** A rotation whose new credential is in force for an hour, at a proxy that has seen this of the old one. */
async function watched({ store = STORE, lastUsed = null, uptimeSeconds = 7200 }: Seen) {
  const since = AN_HOUR_AGO;
  const looks: number[] = [];
  const proxy = {
    ask: () => {
      looks.push(Date.now());
      const credentials = [
        { store, accessKeyId: NEW, since, lastUsed: new Date().toISOString() },
        { store, accessKeyId: OLD, since, lastUsed },
      ];
      return Promise.resolve(success({ credentials, uptimeSeconds: uptimeSeconds + (Date.now() - (looks[0] ?? 0)) / 1000 }));
    },
  } as unknown as StationProxy;
  record = await actRecord({ ...STORE_INPUTS, place: 'here' }, { proxy });
  record.known('aws.updateStore', { accessKeyId: NEW, updatedAt: AN_HOUR_AGO });
  return { done: await record.done('proxy.quietCredential', proxyQuietCredential), looks: looks.length };
}

describe('the quiet of an old credential', () => {
  it('is seen where nothing was signed with it of late', async () => {
    const { done, looks } = await watched({ lastUsed: AN_HOUR_AGO });
    expect([failedRules(done), looks]).toEqual([[], 1]);
  });

  it('is waited for by a proxy that was started anew a moment ago: what it saw before, it does not know', async () => {
    const { done, looks } = await watched({ uptimeSeconds: 0 });
    expect(failedRules(done)).toEqual([]);
    expect(looks).toBeGreaterThan(1);
  });

  it('is not said of a proxy that has no old credential of this store to watch', async () => {
    const { done } = await watched({ store: 'another' });
    expect(failedRules(done)).toEqual(['CER-CREDENTIAL-QUIET']);
    expect(value(done).data).toEqual({ old: [] });
  });
});
