import { z } from 'zod';
import { canonical } from '../evidence/canonical';
import { hex64 } from '../evidence/event';
import { IMPORTABLE_SPECS } from '../keys/kms-spec';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../keys/wrapping';
import { sha256Text } from '../pack/sha256';
import { MAX_SETS } from './layout';

/** `YYYY-MM-DDThh:mm:ss.sssZ`, and a time that exists. */
const instant = z.iso.datetime({ precision: 3 });

/** Words of people and vendors: one line, nothing that could repaint a terminal or turn the rest of a line around. */
const line = z
  .string()
  .min(1)
  .max(400)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'control characters');

const name = line.max(80);
const seat = z.string().regex(/^[A-Z]{2}\d?$/);
const officer = z.string().regex(/^[0-9a-f]{16}$/);
const region = z
  .string()
  .regex(/^[a-z]{2,}(?:-[a-z0-9]+)+$/)
  .max(40);

/** arn:PARTITION:kms:REGION:ACCOUNT:key/ID; the id of a multi-Region key begins with `mrk-`. */
const KEY_ARN =
  /^arn:aws(?:-[a-z]+)*:kms:([a-z0-9-]{4,40}):(\d{12}):key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** One set of GetParametersForImport: a wrapping key and the import token that fits it. The token itself never crosses the gap. */
const set = z.strictObject({
  region,
  keyArn: z.string().regex(KEY_ARN),
  /** SHA-256 of the wrapping key's SubjectPublicKeyInfo DER */
  spkiSha256: hex64,
  importTokenSha256: hex64,
  parametersValidTo: instant,
  /** the file of this set in this bundle */
  file: z.string().max(40),
});

const file = z.strictObject({ name: z.string().max(40), size: z.int().min(1), sha256: hex64 });

const common = {
  format: z.literal('keyrite-bundle-1'),
  /** of the Keyrite that wrote it */
  version: name,
  ceremonyId: z.string().regex(/^[a-z0-9][a-z0-9-]{3,80}$/),
  runMode: z.enum(['rehearsal', 'production']),
  scriptSha256: hex64,
  stationId: name,
  createdUtc: instant,
  /** hash of event 0 of the ceremony at the sending station: what its officers’ approvals are bound to */
  genesis: hex64,
  /** hash of the sending station's last event before the bundle: chains the two packs */
  prevHead: hex64,
  accountId: z.string().regex(/^\d{12}$/),
  keySpec: z.enum(IMPORTABLE_SPECS),
  wrappingAlgorithm: z.enum(WRAPPING_ALGORITHMS),
  wrappingKeySpec: z.enum(WRAPPING_KEY_SPECS),
  sets: z.array(set).min(1).max(MAX_SETS),
  files: z.array(file).min(1).max(MAX_SETS),
  /** whose approval counts, by the sending station's event 0; bound here, because a signature says nothing of seat and name */
  approvers: z.array(z.strictObject({ seat, officer, name })).min(1).max(16),
};

/** What the HSM said that KMS must say too; nothing of it is secret. AES keys have nothing to show, and are imported twice instead. */
export const keyProof = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('mac'), challenge: hex64, mac: z.string().regex(/^[0-9a-f]{40,128}$/) }),
  z.strictObject({ kind: z.literal('publicKey'), spkiSha256: hex64 }),
  z.strictObject({ kind: z.literal('doubleWrap') }),
]);

export type KeyProof = z.infer<typeof keyProof>;

const unsignedOut = z.strictObject({ ...common, kind: z.literal('byok-out') });

const unsignedBack = z.strictObject({
  ...common,
  kind: z.literal('byok-back'),
  /** digest of the OUT manifest that this answers */
  answers: hex64,
  checkValue: z.strictObject({ method: name, value: z.string().regex(/^[0-9A-Fa-f]{6,64}$/) }),
  hsmSerial: name,
  templateSha256: hex64,
  mechanism: line,
  parameters: line,
  proof: keyProof,
});

const signatureList = z
  .array(z.strictObject({ seat, officer, name, publicKey: z.string().max(44), signature: z.string().max(88) }))
  .max(16);

/** `manifest.json`: everything else in the bundle hangs on it, and it hangs on its signatures. */
export const bundleManifest = z.discriminatedUnion('kind', [
  unsignedOut.extend({ signatures: signatureList }),
  unsignedBack.extend({ signatures: signatureList }),
]);

export type BundleManifest = z.infer<typeof bundleManifest>;
export type UnsignedOut = z.infer<typeof unsignedOut>;
export type UnsignedBack = z.infer<typeof unsignedBack>;
export type UnsignedManifest = UnsignedOut | UnsignedBack;
export type BundleSignature = z.infer<typeof signatureList>[number];
export type BundleSet = z.infer<typeof set>;

/** What officers approve and people read aloud: SHA-256 of the JCS form of the manifest without its signatures. */
export function bundleDigest(manifest: UnsignedManifest | BundleManifest): string {
  return sha256Text(canonical(withoutSignatures(manifest)));
}

/** The manifest as its digest covers it. */
export function withoutSignatures(manifest: UnsignedManifest | BundleManifest): UnsignedManifest {
  if (!('signatures' in manifest)) return manifest;
  const { signatures, ...unsigned } = manifest;
  return unsigned;
}

/** The bytes of `manifest.json`: JCS and a newline, as in a pack. */
export function manifestBytes(manifest: BundleManifest): Uint8Array {
  return Buffer.from(`${canonical(manifest)}\n`, 'utf8');
}

/** Region, account and id out of the ARN of a KMS key; null when it is none. */
export function keyArnParts(arn: string): { readonly region: string; readonly account: string; readonly id: string } | null {
  const [, ofRegion, account, id] = KEY_ARN.exec(arn) ?? [];
  return ofRegion === undefined || account === undefined || id === undefined ? null : { region: ofRegion, account, id };
}

/** The first thing that is wrong with a manifest, with its place. */
export function schemaProblem({ issues }: z.ZodError): string {
  const [first] = issues;
  const place = first?.path.map(String).join('.') ?? '';
  return `${place === '' ? 'the whole' : place}: ${first?.message ?? 'not a manifest'}.`;
}
