import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectBundle } from '../../../core/bundle/inspect';
import { bundleDigest, type BundleManifest } from '../../../core/bundle/manifest';
import { readBundle } from '../../../core/bundle/read-bundle';
import { rereadBundle, writeBundle } from '../../../core/bundle/write-bundle';
import {
  AA,
  AO,
  backExpectation,
  backMedium,
  CO1,
  CO2,
  medium,
  outExpectation,
  outMedium,
  removeMedia,
  sampleBack,
  sampleOut,
  signed,
  value,
} from './sample-bundle';

afterAll(removeMedia);

/** What chance or malice does to one file. */
const corruption = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('drop' as const), at: fc.nat() }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ kind: fc.constant('overwrite' as const), at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
);

type Corruption = typeof corruption extends fc.Arbitrary<infer T> ? T : never;

function corrupted(bytes: Buffer, change: Corruption): Buffer {
  const at = change.at % bytes.length;
  switch (change.kind) {
    case 'flip':
      return Buffer.from(bytes.map((byte, i) => (i === at ? byte ^ (1 << change.bit) : byte)));
    case 'cut':
      return bytes.subarray(0, at);
    case 'drop':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]);
    case 'insert':
      return Buffer.concat([bytes.subarray(0, at), Buffer.of(change.byte), bytes.subarray(at)]);
    case 'overwrite':
      return Buffer.concat([bytes.subarray(0, at), change.bytes, bytes.subarray(at + change.bytes.length)]);
  }
}

describe('whatever happens to a byte of a bundle', () => {
  let out: Awaited<ReturnType<typeof outMedium>>;
  let back: Awaited<ReturnType<typeof backMedium>>;
  beforeAll(async () => {
    out = await outMedium();
    back = await backMedium(out.prepared);
  });

  it.each(['manifest.json', 'wrapping-key.der'])('of OUT, in %s: the bundle is refused, or nothing was changed', async (name) => {
    await everyCorruption(join(out.folder, name), () => readBundle(out.folder, outExpectation()));
  });

  it.each(['manifest.json', 'wrapped-key.bin'])('of BACK, in %s: the bundle is refused, or nothing was changed', async (name) => {
    await everyCorruption(join(back.folder, name), () => readBundle(back.folder, backExpectation(out.prepared.manifest)));
  });

  async function everyCorruption(path: string, read: () => ReturnType<typeof readBundle>): Promise<void> {
    const original = await readFile(path);
    await fc.assert(
      fc.asyncProperty(corruption, async (change) => {
        const bytes = corrupted(original, change);
        await writeFile(path, bytes);
        expect((await read()).ok).toBe(bytes.equals(original));
      }),
      { numRuns: 300 },
    );
    await writeFile(path, original);
    expect((await read()).ok).toBe(true);
  }

  it('anything else for a manifest is refused without a fault', async () => {
    const folder = await medium();
    const anything = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(`${text}\n`)),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (bytes) => {
        await writeFile(join(folder, 'manifest.json'), bytes);
        expect(await inspectBundle(folder)).toMatchObject({ ok: false, error: { code: 'bundle.damaged' } });
      }),
      { numRuns: 200 },
    );
  });
});

describe('whatever a bundle says', () => {
  const text = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
    .filter((one) => one.length <= 80 && !/[\u202a-\u202e\u2066-\u2069]/.test(one));
  const hex64 = fc.stringMatching(/^[0-9a-f]{64}$/);
  const instant = fc
    .date({ min: new Date('2024-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString());

  it('is read as it was written, and its digest is that of its unsigned form', async () => {
    const facts = fc.record({ stationId: text, createdUtc: instant, scriptSha256: hex64, genesis: hex64, prevHead: hex64 });
    await fc.assert(
      fc.asyncProperty(facts, fc.integer({ min: 1, max: 3 }), async (changes, count) => {
        const prepared = sampleOut(changes, count);
        const folder = await medium();
        const written = value(await writeBundle(folder, prepared, signed(prepared, AO, AA)));
        const read = value(await rereadBundle(folder, written));
        expect(unsigned(read.manifest)).toEqual(prepared.manifest);
        expect(read.digest).toBe(bundleDigest(prepared.manifest));
        expect(read.data).toEqual(prepared.data.map(({ name, bytes }) => ({ name, bytes: new Uint8Array(bytes) })));
      }),
      { numRuns: 40 },
    );
  });

  it('of the HSM and the wrapping comes back the same', async () => {
    const facts = fc.record({ hsmSerial: text, mechanism: text, parameters: text, templateSha256: hex64 });
    await fc.assert(
      fc.asyncProperty(facts, async (changes) => {
        const prepared = sampleBack(sampleOut(), changes);
        const folder = await medium();
        value(await writeBundle(folder, prepared, signed(prepared, CO1, CO2)));
        expect(value(await inspectBundle(folder)).manifest).toMatchObject(changes);
      }),
      { numRuns: 40 },
    );
  });
});

function unsigned({ signatures: _, ...manifest }: BundleManifest): object {
  return manifest;
}
