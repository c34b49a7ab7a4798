import { describe, expect, it } from 'vitest';
import { credentialSet } from '../../../proxy/auth/credentials';
import { CREDENTIAL } from '../xks-call';

const T0 = Date.UTC(2024, 0, 1);
const T1 = Date.UTC(2024, 0, 2);
const SCOPE = { date: '20240101', region: 'us-east-1', service: 'kms-xks-proxy' };
const OTHER = { accessKeyId: 'OTHER2OTHER2OTHER2OTHER2', secret: 'o'.repeat(43), since: '2023-05-06T07:08:09.000Z' };

describe('the credentials of a key store', () => {
  it('remember since when they are in use and when they last were', () => {
    const set = credentialSet([CREDENTIAL, OTHER], null, T0);
    set.find(OTHER.accessKeyId)?.used(T1);
    expect(set.usage()).toEqual([
      { accessKeyId: CREDENTIAL.accessKeyId, since: '2024-01-01T00:00:00.000Z', lastUsed: null },
      { accessKeyId: OTHER.accessKeyId, since: OTHER.since, lastUsed: '2024-01-02T00:00:00.000Z' },
    ]);
  });

  it('carry age, last use and signing keys over a swap', () => {
    const before = credentialSet([CREDENTIAL, OTHER], null, T0);
    const key = before.find(CREDENTIAL.accessKeyId)!.keyFor(SCOPE);
    before.find(CREDENTIAL.accessKeyId)!.used(T1);
    const after = credentialSet([CREDENTIAL], before, T1);
    expect(after.usage()).toEqual([
      { accessKeyId: CREDENTIAL.accessKeyId, since: '2024-01-01T00:00:00.000Z', lastUsed: '2024-01-02T00:00:00.000Z' },
    ]);
    expect(after.find(CREDENTIAL.accessKeyId)!.keyFor(SCOPE)).toBe(key);
    expect(after.find(OTHER.accessKeyId)).toBeUndefined();
    expect(before.find(OTHER.accessKeyId)).toBeDefined();
  });

  it('begin anew where the secret of an id is another one', () => {
    const before = credentialSet([CREDENTIAL], null, T0);
    const key = before.find(CREDENTIAL.accessKeyId)!.keyFor(SCOPE);
    const after = credentialSet([{ ...CREDENTIAL, secret: 'n'.repeat(43) }], before, T1);
    expect(after.find(CREDENTIAL.accessKeyId)!.keyFor(SCOPE)).not.toEqual(key);
    expect(after.usage()[0]).toMatchObject({ since: '2024-01-02T00:00:00.000Z', lastUsed: null });
  });

  it('keep their last use when the settings say anew since when they are there', () => {
    const before = credentialSet([CREDENTIAL], null, T0);
    before.find(CREDENTIAL.accessKeyId)!.used(T1);
    const after = credentialSet([{ ...CREDENTIAL, since: OTHER.since }], before, T1);
    expect(after.usage()[0]).toMatchObject({ since: OTHER.since, lastUsed: '2024-01-02T00:00:00.000Z' });
  });

  it('keep the signing keys of two days, not of every day that was', () => {
    const credential = credentialSet([CREDENTIAL], null, T0).find(CREDENTIAL.accessKeyId)!;
    const first = credential.keyFor(SCOPE);
    expect(credential.keyFor(SCOPE)).toBe(first);
    credential.keyFor({ ...SCOPE, date: '20240102' });
    expect(credential.keyFor(SCOPE)).toBe(first);
    credential.keyFor({ ...SCOPE, date: '20240103' });
    expect(credential.keyFor(SCOPE)).not.toBe(first);
    expect(credential.keyFor(SCOPE)).toEqual(first);
  });
});
