import { TOOL } from '../contract/tool';
import { sha256Bytes } from '../pack/sha256';
import { dataNames, type BundleKind } from './layout';
import { bundleDigest, type BundleSet, type UnsignedBack, type UnsignedManifest, type UnsignedOut } from './manifest';

type Common = 'format' | 'version' | 'kind' | 'sets' | 'files';

/** What a bundle says of its ceremony and its KMS key, whichever way it goes. The Regions and ARNs are in the sets. */
export type BundleFacts = Omit<UnsignedOut, Common>;

/** What the offline station adds: which OUT bundle it answers, and how it wrapped what. */
export type BackFacts = BundleFacts &
  Pick<UnsignedBack, 'answers' | 'checkValue' | 'hsmSerial' | 'templateSha256' | 'mechanism' | 'parameters' | 'proof'>;

export type OutSet = Omit<BundleSet, 'file' | 'spkiSha256'> & { readonly spki: Uint8Array };
export type BackSet = Omit<BundleSet, 'file'> & { readonly blob: Uint8Array };

/** A bundle before it is signed. Officers approve `digest`; `manifest` is the subject that they are shown. */
export interface PreparedBundle {
  readonly manifest: UnsignedManifest;
  readonly digest: string;
  readonly data: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** The OUT bundle: the wrapping keys of `sets`, as KMS gave them (SubjectPublicKeyInfo DER). */
export function prepareOut(facts: BundleFacts, sets: readonly OutSet[]): PreparedBundle {
  const data = named(
    'byok-out',
    sets.map(({ spki }) => spki),
  );
  const described = sets.map(({ spki, ...set }, i) => ({ ...set, spkiSha256: sha256Bytes(spki), file: data[i]?.name ?? '' }));
  return prepared({ ...facts, ...frame('byok-out', data), sets: described }, data);
}

/** The BACK bundle: one wrapped key for each set of the OUT bundle that it answers, in the same order. */
export function prepareBack(facts: BackFacts, sets: readonly BackSet[]): PreparedBundle {
  const data = named(
    'byok-back',
    sets.map(({ blob }) => blob),
  );
  const described = sets.map(({ blob: _, ...set }, i) => ({ ...set, file: data[i]?.name ?? '' }));
  return prepared({ ...facts, ...frame('byok-back', data), sets: described }, data);
}

function named(kind: BundleKind, bytes: readonly Uint8Array[]): PreparedBundle['data'] {
  const names = dataNames(kind, bytes.length);
  return bytes.map((one, i) => ({ name: names[i] ?? '', bytes: one }));
}

function frame<Kind extends BundleKind>(kind: Kind, data: PreparedBundle['data']) {
  const files = data.map(({ name, bytes }) => ({ name, size: bytes.length, sha256: sha256Bytes(bytes) }));
  return { format: 'keyrite-bundle-1' as const, version: TOOL.version, kind, files };
}

function prepared(manifest: UnsignedManifest, data: PreparedBundle['data']): PreparedBundle {
  return { manifest, digest: bundleDigest(manifest), data };
}
