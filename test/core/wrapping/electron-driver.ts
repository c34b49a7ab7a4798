import { getCiphers } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { IMPORTABLE_SPECS, type ImportableSpec } from '../../../core/keys/kms-spec';
import { legalWrappings } from '../../../core/keys/wrapping';
import { runJob } from '../../../core/wrapping/child/run-job';
import type { WrapJob } from '../../../core/wrapping/messages';

/** Runs inside Electron as Node (its crypto is BoringSSL) and prints every blob it makes; the test takes them apart with OpenSSL. */
interface Order {
  readonly files: readonly { readonly spec: ImportableSpec; readonly path: string }[];
  readonly spki: string;
}

const { files, spki } = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Order;
const wrappingKeys = [new Uint8Array(Buffer.from(spki, 'base64'))];

async function wrap(spec: ImportableSpec, algorithm: WrapJob['algorithm'], source: WrapJob['source']) {
  const wrapped = await runJob({ spec, algorithm, wrappingKeys, source });
  if (!wrapped.ok) return { spec, algorithm, blob: '', problem: JSON.stringify(wrapped.error) };
  return { spec, algorithm, blob: Buffer.from(wrapped.value.blobs[0]?.blob ?? []).toString('base64') };
}

const algorithms = (spec: ImportableSpec) =>
  legalWrappings(spec).flatMap((wrapping) => (wrapping.wrappingKeySpec === 'RSA_3072' ? [wrapping.algorithm] : []));

const blobs = [];
const made = [];
for (const { spec, path } of files) {
  for (const algorithm of algorithms(spec)) blobs.push(await wrap(spec, algorithm, { from: 'file', path }));
  made.push(await wrap(spec, algorithms(spec)[0] ?? 'RSAES_OAEP_SHA_256', { from: 'generator' }));
}
const last = await runJob({
  spec: IMPORTABLE_SPECS[IMPORTABLE_SPECS.length - 1] ?? 'ECC_SECG_P256K1',
  algorithm: 'RSAES_OAEP_SHA_256',
  wrappingKeys,
  source: { from: 'generator' },
});
const secp256k1 = last.ok ? 'made' : String(last.error.detail['problem']);
const library = getCiphers().includes('id-aes256-wrap-pad') ? 'id-aes256-wrap-pad' : 'no id-aes256-wrap-pad';
process.stdout.write(JSON.stringify({ library, blobs, made, secp256k1 }));
