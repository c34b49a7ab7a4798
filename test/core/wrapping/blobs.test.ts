import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IMPORTABLE_SPECS, type ImportableSpec } from '../../../core/keys/kms-spec';
import { readMaterial } from '../../../core/keys/pkcs8';
import { legalWrappings, WRAPPING_ALGORITHMS, type WrappingAlgorithm } from '../../../core/keys/wrapping';
import { runJob } from '../../../core/wrapping/child/run-job';
import { foreignUnwrap } from './foreign-unwrap';
import { makePlaces, makeWrappers, must, opensslMaterial, type Places, type Wrapper } from './wrapping-ground';

const PAIRS: readonly (readonly [ImportableSpec, WrappingAlgorithm])[] = IMPORTABLE_SPECS.flatMap((spec) =>
  WRAPPING_ALGORITHMS.map((algorithm) => [spec, algorithm] as const),
);

describe('a blob made in software', () => {
  let places: Places;
  let wrappers: readonly Wrapper[];
  const materials = new Map<ImportableSpec, { readonly bytes: Buffer; readonly path: string }>();

  beforeAll(async () => {
    places = await makePlaces();
    wrappers = makeWrappers();
  }, 120_000);

  afterAll(() => places.remove());

  async function materialOf(spec: ImportableSpec): Promise<{ readonly bytes: Buffer; readonly path: string }> {
    const known = materials.get(spec);
    if (known) return known;
    const bytes = opensslMaterial(spec);
    const made = { bytes, path: await places.lay(`${spec}.bin`, bytes) };
    materials.set(spec, made);
    return made;
  }

  /** The wrapping keys under which KMS takes the pair, and those under which it does not. */
  function sorted(
    spec: ImportableSpec,
    algorithm: WrappingAlgorithm,
  ): { readonly legal: Wrapper[]; readonly illegal: Wrapper[] } {
    const isLegal = (wrapper: Wrapper) =>
      legalWrappings(spec).some((wrapping) => wrapping.algorithm === algorithm && wrapping.wrappingKeySpec === wrapper.spec);
    return { legal: wrappers.filter(isLegal), illegal: wrappers.filter((wrapper) => !isLegal(wrapper)) };
  }

  it.each(PAIRS)(
    'of %s by %s unwraps to the same bytes with OpenSSL under every size, or is refused with the rule',
    async (spec, algorithm) => {
      const { legal, illegal } = sorted(spec, algorithm);
      const { bytes, path } = await materialOf(spec);
      const job = { spec, algorithm, source: { from: 'file', path } } as const;
      for (const { spki } of illegal) {
        const refused = await runJob({ ...job, wrappingKeys: [spki] });
        expect(refused).toMatchObject({ ok: false, error: { code: 'policy.wrappingIllegal' } });
        expect(refused.ok ? '' : refused.error.detail['rule']).toMatch(/^WRAP-/);
      }
      if (legal.length === 0) return;
      const wrapped = must(await runJob({ ...job, wrappingKeys: legal.map(({ spki }) => spki) }));
      expect(wrapped.blobs.map(({ wrappingKeySpec }) => wrappingKeySpec)).toEqual(legal.map((wrapper) => wrapper.spec));
      for (const [i, { privateKey }] of legal.entries()) {
        expect(foreignUnwrap('OpenSSL', algorithm, privateKey, wrapped.blobs[i]!.blob).equals(bytes)).toBe(true);
      }
    },
    60_000,
  );

  it.each(WRAPPING_ALGORITHMS)(
    'by %s unwraps with node-forge under every size',
    async (algorithm) => {
      const spec = algorithm.startsWith('RSA_AES') ? 'ECC_NIST_P521' : 'SYMMETRIC_DEFAULT';
      const { bytes, path } = await materialOf(spec);
      const wrappingKeys = wrappers.map(({ spki }) => spki);
      const { blobs } = must(await runJob({ spec, algorithm, wrappingKeys, source: { from: 'file', path } }));
      for (const [i, { privateKey }] of wrappers.entries())
        expect(foreignUnwrap('node-forge', algorithm, privateKey, blobs[i]!.blob).equals(bytes)).toBe(true);
    },
    60_000,
  );

  it.each(IMPORTABLE_SPECS)(
    'of generated %s holds material that KMS takes, the same for every wrapping key',
    async (spec) => {
      const [best] = legalWrappings(spec);
      const wrappingKeys = wrappers.slice(1).map(({ spki }) => spki);
      const job = { spec, algorithm: best!.algorithm, wrappingKeys, source: { from: 'generator' } } as const;
      const { blobs } = must(await runJob(job));
      const clear = blobs.map(({ blob }, i) => foreignUnwrap('OpenSSL', job.algorithm, wrappers[i + 1]!.privateKey, blob));
      expect(readMaterial(spec, clear[0]!).ok).toBe(true);
      expect(clear[0]!.equals(clear[1]!)).toBe(true);
    },
    60_000,
  );

  it('of generated material is another one every time', async () => {
    const wrappingKeys = [wrappers[2]!.spki];
    for (const spec of ['SYMMETRIC_DEFAULT', 'HMAC_256', 'ECC_NIST_P256'] as const) {
      const job = { spec, algorithm: 'RSAES_OAEP_SHA_256', wrappingKeys, source: { from: 'generator' } } as const;
      const values = [must(await runJob(job)), must(await runJob(job))].map(({ checkValue }) => checkValue.value);
      expect(new Set(values).size).toBe(2);
    }
  });
});
