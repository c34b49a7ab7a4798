import { failure, success, type Result } from '../../contract/result';
import { kmsSpecOf, usagesOf, type ImportableSpec, type KeyUsage } from '../../keys/kms-spec';
import { KEY_SPECS, type KeySpec } from '../../keys/spec';
import { checkWrapping, WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS, type Wrapping } from '../../keys/wrapping';
import type { CeremonyState } from '../../ceremony/state';

/** How the material is taken in: the first of a new key, the same again, or the next one of a rotation. */
export type ImportAs = 'new' | 'existing' | 'next';

/** What the plan's inputs say of the KMS key. */
export interface KmsPlan {
  readonly account: string;
  readonly region: string;
  readonly principal: string;
  readonly keySpec: KeySpec;
  readonly spec: ImportableSpec;
  readonly usage: KeyUsage;
  readonly multiRegion: boolean;
  /** where replicas go, in order; empty without any */
  readonly replicaRegions: readonly string[];
  readonly wrapping: Wrapping;
  /** '' : the key gets no alias */
  readonly alias: string;
  readonly importAs: ImportAs;
}

function oneOf<T extends string>(known: readonly T[], value: string | undefined): T | null {
  return known.find((one) => one === value) ?? null;
}

/** Where AWS is called, and as whom: what every plan that speaks to AWS has. */
export type CallPlan = Pick<KmsPlan, 'account' | 'region' | 'principal'>;

export function callPlan(state: CeremonyState): CallPlan {
  const { inputs } = state.genesis.data;
  return { account: inputs['awsAccount'] ?? '', region: inputs['awsRegion'] ?? '', principal: inputs['awsPrincipal'] ?? '' };
}

/** Reads the plan's inputs; `policy.illegalCombination` or `policy.wrappingIllegal` where they do not make a key that KMS takes. */
export function kmsPlan(state: CeremonyState): Result<KmsPlan> {
  const { inputs } = state.genesis.data;
  const keySpec = oneOf(KEY_SPECS, inputs['keySpec']);
  const algorithm = oneOf(WRAPPING_ALGORITHMS, inputs['wrappingAlgorithm']);
  const wrappingKeySpec = oneOf(WRAPPING_KEY_SPECS, inputs['wrappingKeySpec']);
  if (keySpec === null || algorithm === null || wrappingKeySpec === null) return failure('policy.illegalCombination');
  const spec = kmsSpecOf(keySpec);
  const usage = inputs['keyUsage'] === 'usual' ? usagesOf(spec)[0] : oneOf(usagesOf(spec), inputs['keyUsage']);
  if (usage === undefined || usage === null)
    return failure('policy.illegalCombination', { keySpec, keyUsage: inputs['keyUsage'] ?? '' });
  const regions = [inputs['awsRegion'] ?? '', ...replicaRegionsOf(inputs)];
  if (new Set(regions).size < regions.length)
    return failure('policy.illegalCombination', {
      because: 'A Region is named twice: a key has one replica in each other Region.',
    });
  const wrapping = { algorithm, wrappingKeySpec };
  const legal = checkWrapping(spec, wrapping);
  if (!legal.ok) return legal;
  return success({
    ...callPlan(state),
    keySpec,
    spec,
    usage,
    multiRegion: inputs['multiRegion'] === 'yes',
    replicaRegions: replicaRegionsOf(inputs),
    wrapping,
    alias: plannedAlias(state),
    importAs: oneOf(['new', 'existing', 'next'] as const, inputs['importAs']) ?? 'new',
  });
}

/** '' where the plan wants none. */
export function plannedAlias(state: CeremonyState): string {
  const alias = state.genesis.data.inputs['alias'] ?? '';
  return alias === 'none' ? '' : alias;
}

function replicaRegionsOf(inputs: Readonly<Record<string, string>>): readonly string[] {
  return (inputs['replicaRegions'] ?? '').split(',').filter((region) => region !== '');
}

/** The KMS key of this ceremony, as it was made or found; '' before. */
export function kmsKeyArn(state: CeremonyState): string {
  const acts = ['aws.createKey', 'aws.findKey', 'aws.createStoreKey', 'aws.findStoreKey'] as const;
  const made = acts.map((act) => state.data[act]).find((data) => data !== undefined);
  const arn = made?.['keyArn'];
  return typeof arn === 'string' ? arn : '';
}

/** The tag by which a KMS key is found again whose CreateKey was never answered. */
export const CEREMONY_TAG = 'keyrite:ceremony';

/** It may appear in CloudTrail in the clear, as all descriptions do (KMS API Reference). */
export function keyDescription(ceremonyId: string): string {
  return `Key material imported by Keyrite, ceremony ${ceremonyId}`;
}
