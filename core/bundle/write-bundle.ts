import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, type Result } from '../contract/result';
import { diskFailure } from '../pack/disk-failure';
import { CREATE_NEW, removeIfThere, syncFolder, writeAll } from '../pack/durable';
import { sha256Bytes } from '../pack/sha256';
import { checkContent } from './consistency';
import { inspectBundle, type Bundle } from './inspect';
import { capOf, MANIFEST } from './layout';
import { bundleManifest, manifestBytes, schemaProblem, type BundleSignature } from './manifest';
import { foreignEntry, isSystemFolder } from './medium-entries';
import type { PreparedBundle } from './prepare';
import { namesIn, readPlainFile } from './read-medium';

type NamedBytes = PreparedBundle['data'][number];

/** Nothing in a bundle is secret, and the other station may run under another user id. */
const MODE = 0o644;

/**
 * Writes a bundle into an empty folder that exists, or one in which a crash left the beginning of the same, and reads it back. A
 * bundle that our own reader would refuse is not written; the manifest comes last, so that what was cut off has none. After a failure
 * the folder is as empty as before, where the medium still lets that happen. The system may answer the read-back out of its memory: it
 * proves the medium only after `rereadBundle`, when the medium was taken out and put in again.
 * Errors: input.invalid for facts no manifest can hold, those of `checkContent`, bundle.exists, bundle.extraFile, file.*.
 */
export async function writeBundle(
  folder: string,
  prepared: PreparedBundle,
  signatures: readonly BundleSignature[],
): Promise<Result<Bundle>> {
  const parsed = bundleManifest.safeParse({ ...prepared.manifest, signatures });
  if (!parsed.success) return failure('input.invalid', { problem: schemaProblem(parsed.error) });
  const manifest = parsed.data;
  const bytes = manifestBytes(manifest);
  const content = checkContent(manifest, new Map(prepared.data.map(({ name, bytes: data }) => [name, data])));
  if (!content.ok) return content;
  const files = [...prepared.data, { name: MANIFEST, bytes }];
  const written: string[] = [];
  try {
    const names = await foreignNames(folder);
    if (names.length > 0 && !(await isOwnRest(folder, names, files))) return occupied(names);
    for (const name of names) await removeIfThere(join(folder, name));
    for (const file of files) {
      await writeFileWhole(join(folder, file.name), file.bytes, written);
    }
    await syncFolder(folder);
  } catch (error) {
    await Promise.all(written.map((path) => removeIfThere(path).catch(() => undefined)));
    return diskFailure(error, folder);
  }
  return rereadBundle(folder, { digest: prepared.digest, manifestSha256: sha256Bytes(bytes) });
}

/**
 * Reads a written bundle again from its medium and compares it with what was written: after the medium was taken out and put in again,
 * for until then the system answers out of its memory. Errors: bundle.*, and bundle.otherCeremony for another bundle.
 */
export async function rereadBundle(folder: string, written: Pick<Bundle, 'digest' | 'manifestSha256'>): Promise<Result<Bundle>> {
  const found = await inspectBundle(folder);
  if (!found.ok) return found;
  const { digest, manifestSha256 } = found.value;
  if (digest !== written.digest)
    return failure('bundle.otherCeremony', { what: 'digest of the bundle', expected: written.digest, found: digest });
  if (manifestSha256 !== written.manifestSha256)
    return failure('bundle.otherCeremony', { what: 'signatures', expected: written.manifestSha256, found: manifestSha256 });
  return found;
}

/** A folder that is not empty. Everything that is there is named: people decide over it, not Keyrite. */
function occupied(names: readonly string[]): Result<never> {
  const [first = ''] = names;
  const list = names.join(', ');
  if (names.includes(MANIFEST)) return failure('bundle.exists', { names: list });
  return failure('bundle.extraFile', { names: list, problem: `The folder is not empty. ${first} is ${foreignEntry(first)}` });
}

/**
 * Is all that is there the beginning of this very bundle, which a crash cut off? Every file must be one of ours, and hold ours or the
 * beginning of it; a bundle that is whole is left alone.
 */
async function isOwnRest(folder: string, names: readonly string[], files: readonly NamedBytes[]): Promise<boolean> {
  let whole = 0;
  for (const name of names) {
    const ours = files.find((file) => file.name === name);
    if (!ours) return false;
    const found = await readPlainFile(join(folder, name), name, capOf(name) ?? 0);
    if (!found.ok || Buffer.compare(found.value, ours.bytes.subarray(0, found.value.length)) !== 0) return false;
    if (found.value.length === ours.bytes.length) whole += 1;
  }
  return whole < files.length;
}

/** What lies in the folder besides real folders of the operating system. */
async function foreignNames(folder: string): Promise<readonly string[]> {
  const names = await namesIn(folder);
  const isForeign = await Promise.all(
    names.map(async (name) => !isSystemFolder(name) || !(await lstat(join(folder, name))).isDirectory()),
  );
  return names.filter((_, i) => isForeign[i]);
}

async function writeFileWhole(path: string, bytes: Uint8Array, written: string[]): Promise<void> {
  const file = await open(path, CREATE_NEW, MODE);
  written.push(path);
  try {
    await writeAll(file, bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}
