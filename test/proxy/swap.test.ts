import { describe, expect, it } from 'vitest';
import { BASE, ground, serving, STORE } from './server-ground';
import { CREDENTIAL, encryptBody } from './xks-call';

const SECOND = { accessKeyId: 'SECOND2SECOND2SECOND2', secret: 's'.repeat(64), since: null };
const PATH = `${BASE}/keys/foo/encrypt`;

describe('a swap of what is served', () => {
  it('of credentials, as a rotation does it, fails no request under load', async () => {
    const started = await ground();
    const outcomes: number[] = [];
    let signer: typeof CREDENTIAL | typeof SECOND = CREDENTIAL;
    let isOver = false;
    const load = async (): Promise<void> => {
      while (!isOver) outcomes.push((await started.call(PATH, encryptBody('x'), signer)).status);
    };
    const swap = (credentials: readonly (typeof CREDENTIAL | typeof SECOND)[]): void => {
      started.serving = serving({ credentials }, started.serving);
    };
    const some = async (): Promise<void> => {
      const after = outcomes.length + 100;
      while (outcomes.length < after) await new Promise((resolve) => setImmediate(resolve));
    };
    const loads = Array.from({ length: 8 }, load);
    await some();
    swap([CREDENTIAL, SECOND]);
    await some();
    signer = SECOND;
    await some();
    // KMS signs with the new one now; those under way were signed with either.
    swap([SECOND]);
    await some();
    isOver = true;
    await Promise.all(loads);
    expect(new Set(outcomes)).toEqual(new Set([200]));
    expect((await started.call(PATH, encryptBody('x'))).status).toBe(401);
    const [used] = started.serving.stores.get(STORE.prefix)!.credentials.usage();
    expect(used).toMatchObject({ accessKeyId: SECOND.accessKeyId, lastUsed: expect.any(String) });
  });

  it('leaves a request that began before it to what it began with', async () => {
    const started = await ground();
    const held = started.hsm.hold('encrypt');
    const answer = started.call(PATH, encryptBody('x'));
    await held.waiting(1);
    started.serving = serving({ stores: [{ ...STORE, prefix: '/elsewhere' }], credentials: [] });
    held.release();
    expect((await answer).status).toBe(200);
    expect((await started.call(PATH, encryptBody('x'))).json['errorName']).toBe('InvalidUriPathException');
  });
});
