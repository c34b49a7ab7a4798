import { z } from 'zod';
import { success, type Result } from '../../contract/result';
import type { CeremonyState } from '../../ceremony/state';
import type { Artefact, Check, ShowBlock } from '../../keys/evidence';
import { readWrappingKey } from '../../keys/wrapping-key';
import { sha256Bytes } from '../../pack/sha256';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { kmsKeyArn, kmsPlan, type KmsPlan } from './kms-plan';
import { keepPrivately } from './private-file';

const importSet = z.strictObject({
  n: z.int(),
  region: z.string(),
  keyArn: z.string(),
  spkiSha256: z.string(),
  importTokenSha256: z.string(),
  validTo: z.string(),
  requestId: z.string(),
});

/** One wrapping key and import token of GetParametersForImport; the token itself lies in the private folder. */
export type ImportSet = z.infer<typeof importSet>;

/** The sets that were fetched in this ceremony, the last time they were. */
export function fetchedSets(state: CeremonyState): readonly ImportSet[] {
  return z.array(importSet).parse(state.data['aws.parameters']?.['sets'] ?? []);
}

export function tokenFile(set: Pick<ImportSet, 'n'>): string {
  return `import-token-${set.n}.bin`;
}

interface Target {
  readonly region: string;
  readonly keyArn: string;
}

/**
 * Which keys need a set: each replica, once they exist; before that the key itself. A symmetric key gets two: KMS accepts only
 * identical material a second time, so that the second import proves what nothing else can (2.B, double wrap).
 */
function targets(state: CeremonyState, plan: KmsPlan): readonly Target[] {
  const replicas = state.data['aws.replicate']?.['replicas'];
  if (Array.isArray(replicas)) return replicas as unknown as readonly Target[];
  const key = { region: plan.region, keyArn: kmsKeyArn(state) };
  return plan.spec === 'SYMMETRIC_DEFAULT' ? [key, key] : [key];
}

/** GetParametersForImport for each of them. Public keys become artefacts; tokens never leave this station. */
export const awsParameters: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const sets: ImportSet[] = [];
  const artefacts: Artefact[] = [];
  const checks: Check[] = [];
  for (const [i, target] of targets(context.state, plan.value).entries()) {
    const fetched = await fetchSet(context, plan.value, target, i + 1);
    if (!fetched.ok) return fetched;
    sets.push(fetched.value.set);
    artefacts.push(fetched.value.artefact);
    checks.push(fetched.value.check);
  }
  const validTo = sets.map((set) => set.validTo).toSorted()[0] ?? '';
  return success(
    outcome({ data: { sets }, values: { 'set.validTo': validTo }, artefacts, checks, show: shown(sets, plan.value) }),
  );
};

interface FetchedSet {
  readonly set: ImportSet;
  readonly artefact: Artefact;
  readonly check: Check;
}

async function fetchSet(context: ActContext, plan: KmsPlan, { region, keyArn }: Target, n: number): Promise<Result<FetchedSet>> {
  const kms = await context.kms(region, 'operator');
  if (!kms.ok) return kms;
  const answer = await kms.value.getParametersForImport(keyArn, plan.wrapping);
  if (!answer.ok) return answer;
  const { publicKey, importToken, validTo } = answer.value.value;
  const kept = await keepPrivately(context.privateFolder, tokenFile({ n }), importToken);
  if (!kept.ok) return kept;
  const spki = readWrappingKey(publicKey);
  if (!spki.ok) return spki;
  const set = {
    n,
    region,
    keyArn: answer.value.value.keyArn,
    spkiSha256: sha256Bytes(publicKey),
    importTokenSha256: sha256Bytes(importToken),
    validTo,
    requestId: answer.value.requestId,
  };
  const wanted = `${plan.wrapping.wrappingKeySpec} for ${keyArn}`;
  const got = `${spki.value.spec} for ${set.keyArn}`;
  return success({
    set,
    artefact: { name: `wrapping-key-${n}.der`, bytes: publicKey },
    check: check('CER-WRAPPING-KEY', wanted === got, wanted, got),
  });
}

function shown(sets: readonly ImportSet[], { wrapping }: KmsPlan): ShowBlock[] {
  return sets.flatMap((set) => [
    facts(sets.length === 1 ? 'Wrapping key and import token' : `Set ${set.n} of ${sets.length}`, [
      ['KMS key', set.keyArn, true],
      ['Algorithm', `${wrapping.algorithm}, ${wrapping.wrappingKeySpec}`],
      ['Valid to', set.validTo],
      ['SHA-256 of the wrapping key', set.spkiSha256, true],
      ['SHA-256 of the token, which stays here', set.importTokenSha256, true],
      ['Request id', set.requestId, true],
    ]),
  ]);
}
