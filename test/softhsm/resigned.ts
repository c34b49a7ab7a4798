import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleDigest, bundleManifest, manifestBytes, withoutSignatures, type BundleManifest } from '../../core/bundle/manifest';
import { signedText } from '../../core/bundle/signatures';
import { openRegistry } from '../../core/officers/registry';
import { PRACTICE } from '../../core/rehearsal/practice';
import { bytes, must } from './ground';

/** A bundle on a medium, changed by people who can sign: what only the comparison with what is due can find. */
export async function resign(
  medium: string,
  officersFolder: string,
  change: (manifest: BundleManifest) => BundleManifest,
  data: Readonly<Record<string, Uint8Array>> = {},
): Promise<void> {
  const path = join(medium, 'manifest.json');
  const before = bundleManifest.parse(JSON.parse(await readFile(path, 'utf8')));
  const files = before.files.map((file) => {
    const other = data[file.name];
    return other === undefined ? file : { ...file, size: other.length, sha256: createHash('sha256').update(other).digest('hex') };
  });
  const changed = change({ ...before, files });
  const text = signedText(changed);
  const officers = openRegistry(officersFolder);
  const signatures: BundleManifest['signatures'] = [];
  for (const line of before.signatures)
    signatures.push({ ...line, signature: must(await officers.sign(line.officer, bytes(PRACTICE.passphrase), text)) });
  const signed = bundleManifest.parse({ ...withoutSignatures(changed), signatures });
  if (bundleDigest(signed) !== bundleDigest(changed)) throw new Error('The digest moved.');
  for (const [name, content] of Object.entries(data)) await writeFile(join(medium, name), content);
  await writeFile(path, manifestBytes(signed));
}
