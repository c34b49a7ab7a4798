import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { prepareBack, prepareOut, type BundleFacts } from '../../../core/bundle/prepare';
import { writeBundle } from '../../../core/bundle/write-bundle';
import { AA, AO, backFacts, CO1, CO2, medium, OUT_FACTS, outSets, removeMedia, sampleOut, signed } from './sample-bundle';

afterAll(removeMedia);

async function writtenOut(facts: Partial<BundleFacts>, spki?: Uint8Array) {
  const prepared = prepareOut(
    { ...OUT_FACTS, ...facts },
    outSets().map((set) => (spki ? { ...set, spki } : set)),
  );
  return writeBundle(await medium(), prepared, signed(prepared, AO, AA));
}

async function writtenBack(facts: Partial<BundleFacts>, bytes: number) {
  const out = sampleOut();
  const sets = out.manifest.sets.map(({ file: _, ...set }) => ({ ...set, blob: new Uint8Array(bytes).fill(7) }));
  const prepared = prepareBack({ ...backFacts(out), ...facts }, sets);
  return writeBundle(await medium(), prepared, signed(prepared, CO1, CO2));
}

describe('a bundle, although it is signed, is refused', () => {
  it('for a wrapping that KMS does not take', async () => {
    expect(await writtenOut({ keySpec: 'RSA_2048' })).toMatchObject({ ok: false, error: { code: 'policy.wrappingIllegal' } });
    expect(await writtenBack({ keySpec: 'RSA_2048' }, 256)).toMatchObject({
      ok: false,
      error: { code: 'policy.wrappingIllegal' },
    });
  });

  it('for a wrapping key of another size, another kind or none', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 3072 }).publicKey.export({ format: 'der', type: 'spki' });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' });
    const pem = Buffer.from('-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n');
    for (const spki of [rsa, ec, pem, Buffer.from('hello')])
      expect(await writtenOut({}, spki)).toMatchObject({
        ok: false,
        error: { code: 'key.wrappingKeyInvalid', detail: { name: 'wrapping-key.der' } },
      });
  });

  const PAIR = { keySpec: 'RSA_4096', wrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256', wrappingKeySpec: 'RSA_4096' } as const;
  const P384 = { keySpec: 'ECC_NIST_P384', wrappingKeySpec: 'RSA_4096' } as const;

  it.each([
    [{}, 255],
    [{}, 257],
    [{}, 384],
    [{ wrappingKeySpec: 'RSA_4096' } as const, 256],
    [PAIR, 512],
    [PAIR, 2895],
    [P384, 520],
  ])('for a blob of a length that such a wrapping never has: %j, %i bytes', async (facts, bytes) => {
    expect(await writtenBack(facts, bytes)).toMatchObject({ ok: false, error: { code: 'key.blobLength' } });
  });

  it.each([
    [{}, 256],
    [{ wrappingKeySpec: 'RSA_4096' } as const, 512],
    [PAIR, 2896],
    [P384, 512],
  ])('and not for one that it has: %j, %i bytes', async (facts, bytes) => {
    expect((await writtenBack(facts, bytes)).ok).toBe(true);
  });
});
