import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImportableSpec } from '../../../core/keys/kms-spec';
import type { WrappingAlgorithm } from '../../../core/keys/wrapping';
import { buildEntries, type BuiltEntries } from '../../softhsm/build-child';
import { findInProcess, findInSnapshot } from './find-in-memory';
import { makePlaces, makeWrapper, opensslMaterial, type Places, type Wrapper } from './wrapping-ground';

const isLinux = process.platform === 'linux';
/** Elsewhere a process cannot be looked into, and the heap snapshot alone is searched. */
const linux = (found: string[]): string[] | null => (isLinux ? found : null);

type Role = 'child' | 'parent' | 'careless';

/** A part of the material that is secret, and long enough to be found nowhere by chance. */
function secretPart(spec: ImportableSpec, material: Buffer): Buffer {
  // what is freed loses its first bytes to the allocator's own lists
  if (spec === 'SYMMETRIC_DEFAULT' || spec === 'HMAC_512') return material.subarray(16);
  // of the secret number what PEM has on one line
  if (spec === 'ECC_NIST_P256') return material.subarray(48, 68);
  // inside the private exponent, behind version, modulus and public exponent
  const exponent = material.indexOf('0203010001', 0, 'hex') + 5;
  return material.subarray(exponent + 40, exponent + 72);
}

/** A heap snapshot ends a text at its first zero, where a search would miss what follows. */
function materialWithoutZeros(spec: ImportableSpec): Buffer {
  const material = opensslMaterial(spec);
  return secretPart(spec, material).includes(0) || (material.length <= 64 && material.includes(0))
    ? materialWithoutZeros(spec)
    : material;
}

describe('key material in memory, after a wrapping', () => {
  let built: BuiltEntries;
  let places: Places;
  let wrapper: Wrapper;
  let count = 0;

  beforeAll(async () => {
    built = await buildEntries({
      'wrap-child': 'core/wrapping/child/main.ts',
      driver: 'test/core/wrapping/memory-driver.ts',
    });
    places = await makePlaces();
    wrapper = makeWrapper('RSA_2048');
  }, 60_000);

  afterAll(async () => {
    await built.remove();
    await places.remove();
  });

  /** Runs the work in a process of its own and says where the secret is found in it afterwards. */
  async function search(role: Role, spec: ImportableSpec, algorithm: WrappingAlgorithm, asPem = false) {
    const material = materialWithoutZeros(spec);
    const pem = `-----BEGIN PRIVATE KEY-----\n${material.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
    const path = await places.lay(`material-${++count}`, asPem ? Buffer.from(pem) : material);
    const snapshot = join(places.folder, `heap-${count}.heapsnapshot`);
    const job = { spec, algorithm, wrappingKeys: [wrapper.spki], source: { from: 'file', path } };
    const driver: ChildProcess = fork(built.path('driver'), [], { execArgv: ['--expose-gc'], serialization: 'advanced' });
    const next = async (message: object) => {
      const said = once(driver, 'message');
      driver.send(message);
      const [answer] = (await said) as [unknown];
      expect(answer).toMatchObject({ ok: true });
    };
    const secret = secretPart(spec, material);
    const look = () => (isLinux ? findInProcess(driver.pid ?? 0, secret) : null);
    try {
      await next({ role, job, wrapChild: built.path('wrap-child'), snapshot });
      const worked = look();
      await next({});
      const collected = look();
      await next({});
      return { worked, collected, snapshot: findInSnapshot(snapshot, secret) };
    } finally {
      driver.kill('SIGKILL');
    }
  }

  it('is found where a process is careless with it, so that the search is one', async () => {
    const { worked, collected, snapshot } = await search('careless', 'SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256');
    for (const found of [worked ?? snapshot, collected ?? snapshot, snapshot])
      expect(found).toEqual(expect.arrayContaining(['bytes', 'text']));
  }, 60_000);

  it.each([
    ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256', false],
    ['HMAC_512', 'RSAES_OAEP_SHA_1', false],
    ['ECC_NIST_P256', 'RSA_AES_KEY_WRAP_SHA_256', false],
    ['ECC_NIST_P256', 'RSA_AES_KEY_WRAP_SHA_256', true],
    ['RSA_2048', 'RSA_AES_KEY_WRAP_SHA_1', false],
  ] as const)(
    'is in no string of the heap and nowhere else in the process that held it: %s by %s (PEM: %s)',
    async (spec, algorithm, asPem) => {
      const { worked, ...later } = await search('child', spec, algorithm, asPem);
      expect(later).toEqual({ collected: linux([]), snapshot: [] });
      // OpenSSL's own object of an RSA or EC key lives until it is collected; secret keys never become one.
      if (spec === 'SYMMETRIC_DEFAULT' || spec === 'HMAC_512') expect(worked).toEqual(linux([]));
      else expect(worked ?? []).not.toContain('text');
    },
    60_000,
  );

  it.each([
    ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_256'],
    ['RSA_2048', 'RSA_AES_KEY_WRAP_SHA_256'],
  ] as const)(
    'was never in the process that asked for it: %s by %s',
    async (spec, algorithm) => {
      expect(await search('parent', spec, algorithm)).toEqual({ worked: linux([]), collected: linux([]), snapshot: [] });
    },
    60_000,
  );
});
