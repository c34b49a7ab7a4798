import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { readBundle } from '../../../core/bundle/read-bundle';
import type { BundleExpectation } from '../../../core/bundle/expectation';
import { canonical } from '../../../core/evidence/canonical';
import { outExpectation, outMedium } from './sample-bundle';

export const MANIFEST = 'manifest.json';

/** Makes the OUT medium, lets `spoil` at it, and reads it as the offline station does. */
export async function spoilt(spoil: (folder: string) => Promise<unknown>, expected: BundleExpectation = outExpectation()) {
  const { folder } = await outMedium();
  await spoil(folder);
  return readBundle(folder, expected);
}

export const refusal = (code: string, problem?: RegExp) => ({
  ok: false,
  error: { code, detail: problem ? expect.objectContaining({ problem: expect.stringMatching(problem) }) : expect.anything() },
});

/** Rewrites the manifest as text. */
export function edited(change: (text: string) => string) {
  return async (folder: string) => {
    const path = join(folder, MANIFEST);
    await writeFile(path, change(await readFile(path, 'utf8')));
  };
}

/** Rewrites the manifest as a value, in canonical form, as somebody with all our tools but no officer’s key would. */
export function forged(change: (manifest: Record<string, unknown>) => object) {
  return edited((text) => `${canonical(change(JSON.parse(text) as Record<string, unknown>))}\n`);
}

export function flipped(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes[7]! ^= 4;
  return bytes.toString('base64');
}
