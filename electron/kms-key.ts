import {
  ROTATIONS_ALLOWED,
  type KeyPolicyVerdict,
  type KmsKeyReport,
  type KmsMaterial,
  type UnreadKey,
} from '../core/contract/kms-values';
import { failure, success, type Result } from '../core/contract/result';
import type { KeyMaterial, KmsKey, KmsPort } from '../core/kms/port';
import { lintPolicy } from '../core/policy/lint';
import { readPolicy } from '../core/policy/read';
import { CEREMONY_TAG } from '../core/station/acts/kms-plan';

/** A key as the listing names it. */
export interface ListedKey {
  readonly keyId: string;
  readonly arn: string;
  readonly aliases: readonly string[];
}

/** Keys of AWS services have policies that nobody here can change. */
const isOfAws = ({ aliases }: ListedKey): boolean => aliases.some((alias) => alias.startsWith('alias/aws/'));

function judged(text: string, account: string): Result<KeyPolicyVerdict> {
  const read = readPolicy(text);
  if (!read.ok)
    return failure('policy.keyPolicy', { problem: read.problems[0]?.problem ?? '', line: read.problems[0]?.line ?? 1 });
  const { findings } = lintPolicy(read, { account });
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  return success({ errors, warnings: findings.length - errors, findings });
}

async function policyVerdict(kms: KmsPort, listed: ListedKey, account: string): Promise<KmsKeyReport['policy']> {
  if (isOfAws(listed)) return null;
  const policy = await kms.getKeyPolicy(listed.keyId);
  return policy.ok ? judged(policy.value.value, account) : policy;
}

/** Whose tags may not be read is a key without a known ceremony: nothing here depends on it. */
async function ceremonyTag(kms: KmsPort, listed: ListedKey): Promise<string> {
  if (isOfAws(listed)) return '';
  const tags = await kms.listTags(listed.keyId);
  return tags.ok ? (tags.value.value.find(({ key }) => key === CEREMONY_TAG)?.value ?? '') : '';
}

function material({ materialId, description, materialState, importState, expiration, rotatedAt }: KeyMaterial): KmsMaterial {
  const expiresAt = expiration?.model === 'expires' ? expiration.validTo : null;
  return { materialId, description, state: materialState, importState, expiresAt, rotatedAt };
}

async function materialsOf(kms: KmsPort, { keyId, origin, spec }: KmsKey): Promise<Result<readonly KeyMaterial[]> | null> {
  if (origin !== 'EXTERNAL' || spec !== 'SYMMETRIC_DEFAULT') return null;
  const materials = await kms.listKeyMaterials(keyId);
  return materials.ok ? success(materials.value.value) : materials;
}

function rotationsOf(materials: Result<readonly KeyMaterial[]> | null): KmsKeyReport['rotations'] {
  if (materials?.ok !== true) return null;
  const done = materials.value.filter(({ rotationType }) => rotationType === 'ON_DEMAND').length;
  return { done, left: Math.max(0, ROTATIONS_ALLOWED - done) };
}

/** Any material that expires takes the whole key with it: what counts is the first. */
function earliest(key: KmsKey, materials: readonly KmsMaterial[]): string | null {
  const own = key.expiration?.model === 'expires' ? [key.expiration.validTo] : [];
  const others = materials.flatMap(({ importState, expiresAt }) =>
    importState === 'IMPORTED' && expiresAt !== null ? [expiresAt] : [],
  );
  return [...own, ...others].toSorted()[0] ?? null;
}

function multiRegion({ multiRegion: roles }: KmsKey): KmsKeyReport['multiRegion'] {
  if (roles === null) return null;
  const { type, primaryArn, replicaArns } = roles;
  return { role: type === 'PRIMARY' ? 'primary' : 'replica', primaryArn, replicaArns };
}

/** What this station's evidence says of the key that a ceremony imported. */
export type FindImported = (
  ceremonyId: string,
) => Promise<(NonNullable<KmsKeyReport['hsmKey']> & { readonly kmsKeyArn: string }) | null>;

/** A key that was rotated has material of several HSM keys; which is meant is then for people to say. */
async function hsmKeyOf(key: KmsKey, ceremony: string, materials: number, find: FindImported): Promise<KmsKeyReport['hsmKey']> {
  const imported = ceremony === '' || materials > 1 ? null : await find(ceremony);
  return imported?.kmsKeyArn === key.arn ? { label: imported.label, ckaId: imported.ckaId } : null;
}

/** Looks at one key: what it is, its materials, what the lint says of its policy, which ceremony made it. Changes nothing. */
export async function readKey(
  kms: KmsPort,
  listed: ListedKey,
  account: string,
  find: FindImported,
): Promise<KmsKeyReport | UnreadKey> {
  const described = await kms.describeKey(listed.keyId);
  if (!described.ok) return { ...listed, failure: described.error };
  const key = described.value.value;
  const [found, policy, ceremony] = await Promise.all([
    materialsOf(kms, key),
    policyVerdict(kms, listed, account),
    ceremonyTag(kms, listed),
  ]);
  const materials = found === null || !found.ok ? found : success(found.value.map(material));
  const { description, state, spec, usage, origin, createdAt, deletionAt } = key;
  return {
    ...listed,
    ...{ description, state, spec, usage, origin, createdAt, deletionAt },
    multiRegion: multiRegion(key),
    expiresAt: earliest(key, materials?.ok === true ? materials.value : []),
    materials,
    rotations: rotationsOf(found),
    policy,
    ceremony,
    hsmKey: await hsmKeyOf(key, ceremony, materials?.ok === true ? materials.value.length : 0, find),
  };
}
