import { failure, success, type Result } from '../contract/result';
import { sha256Bytes } from '../pack/sha256';
import { dataNames, MANIFEST, maxDataBytes } from './layout';
import { keyArnParts, type BundleManifest } from './manifest';
import { foreignEntry } from './medium-entries';
import { implausible, type BundleContent } from './plausible';
import { damaged } from './read-medium';
import { signaturesProblem } from './signatures';

/**
 * Holds a manifest against itself, its files and its signatures. What it cannot tell is whether this is the bundle that is due.
 * Errors: bundle.damaged, bundle.extraFile, bundle.unsigned, policy.wrappingIllegal, key.wrappingKeyInvalid, key.blobLength.
 */
export function checkContent(manifest: BundleManifest, files: ReadonlyMap<string, Uint8Array>): Result<BundleContent> {
  const contradiction = setsProblem(manifest) ?? approversProblem(manifest);
  if (contradiction !== null) return damaged(MANIFEST, contradiction);
  const names = dataNames(manifest.kind, manifest.sets.length);
  const extra = [...files.keys()].find((name) => name !== MANIFEST && !names.includes(name));
  if (extra !== undefined) return failure('bundle.extraFile', { name: extra, problem: `${extra} is ${foreignEntry(extra)}` });
  const data: { name: string; bytes: Uint8Array }[] = [];
  for (const [i, name] of names.entries()) {
    const bytes = files.get(name);
    if (bytes === undefined) return damaged(name, `${name} is missing.`);
    const problem = fileProblem(manifest, i, bytes);
    if (problem !== null) return damaged(name, `${name}: ${problem}`);
    data.push({ name, bytes });
  }
  const unsigned = signaturesProblem(manifest);
  if (unsigned !== null) return failure('bundle.unsigned', { problem: unsigned });
  const error = implausible({ manifest, data });
  return error === null ? success({ manifest, data }) : { ok: false, error };
}

/** Everything in a bundle is of one KMS key: the same account and key id, in several Regions only for a multi-Region key. */
function setsProblem(manifest: BundleManifest): string | null {
  const { sets, files, accountId } = manifest;
  const names = dataNames(manifest.kind, sets.length);
  const keys = sets.map(({ keyArn }) => keyArnParts(keyArn));
  for (const [i, { file, region }] of sets.entries()) {
    if (file !== names[i] || files[i]?.name !== names[i]) return `Set ${i + 1} does not name ${names[i] ?? ''} as its file.`;
    if (keys[i]?.region !== region || keys[i].account !== accountId)
      return `The key ARN of set ${i + 1} is not of Region ${region} and account ${accountId}.`;
    if (keys[i].id !== keys[0]?.id) return 'Its sets are of different keys.';
  }
  if (files.length !== sets.length) return 'It does not list one file for each set.';
  const isSpread = sets.some(({ region }) => region !== sets[0]?.region);
  return isSpread && keys[0]?.id.startsWith('mrk-') !== true ? 'Its sets are of several Regions, but the key is of one.' : null;
}

function approversProblem({ approvers }: BundleManifest): string | null {
  const seats = new Set(approvers.map(({ seat }) => seat));
  return seats.size === approvers.length ? null : 'It gives one seat to two approvers.';
}

function fileProblem(manifest: BundleManifest, index: number, bytes: Uint8Array): string | null {
  const listed = manifest.files[index];
  const sha256 = sha256Bytes(bytes);
  if (bytes.length > maxDataBytes(manifest.kind)) return `It has ${bytes.length} bytes, more than it ever can.`;
  if (listed?.size !== bytes.length) return `It has ${bytes.length} bytes where the manifest says ${listed?.size ?? 0}.`;
  if (listed.sha256 !== sha256) return 'Its SHA-256 is not the one in the manifest.';
  const isOtherKey = manifest.kind === 'byok-out' && manifest.sets[index]?.spkiSha256 !== sha256;
  return isOtherKey ? 'It is not the wrapping key that its set names.' : null;
}
