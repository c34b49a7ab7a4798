import { failure, success, type Result } from '../../contract/result';
import type { ActContext } from './act';
import { check, facts, outcome, type Act } from './act';
import { CEREMONY_TAG, keyDescription, kmsKeyArn, kmsPlan, type KmsPlan } from './kms-plan';
import { isOursByPlan } from './ours-by-plan';
import { ownArtefact } from './own-artefact';
import { untilState } from './wait-for-kms';

/** A replica of the key as this ceremony made it. */
interface Replica {
  readonly region: string;
  readonly keyArn: string;
}

/** ReplicateKey into each Region of the plan that has none yet. The policy goes along: KMS would not copy it. */
export const awsReplicate: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const policy = await ownArtefact(context, 'aws.planPolicy');
  if (!policy.ok) return policy;
  const there = await replicasOf(context, plan.value);
  if (!there.ok) return there;
  const replicas: Replica[] = [];
  for (const region of plan.value.replicaRegions) {
    const known = there.value.find((one) => one.region === region);
    const made = known ? success(known) : await replicate(context, plan.value, region, new TextDecoder().decode(policy.value));
    if (!made.ok) return made;
    const settled = await waitForImport(context, made.value);
    if (!settled.ok) return settled;
    const ours = await isOurs(context, plan.value, made.value);
    if (!ours.ok) return ours;
    if (!ours.value)
      return failure('aws.alreadyExists', { ...made.value, problem: 'This replica is not the one that was planned.' });
    replicas.push(made.value);
  }
  const wanted = plan.value.replicaRegions.join(', ');
  const got = replicas.map(({ region }) => region).join(', ');
  return success(
    outcome({
      data: { replicas: replicas.map(({ region, keyArn }) => ({ region, keyArn })) },
      checks: [check('CER-REPLICAS', wanted === got && replicas.length > 0, wanted, got)],
      show: [
        facts(
          'Replicas',
          replicas.map(({ region, keyArn }) => [region, keyArn, true] as const),
        ),
      ],
    }),
  );
};

/** A replica has a policy of its own: one that somebody else made may let anybody use the key. */
async function isOurs(context: Pick<ActContext, 'state' | 'kms' | 'packFolder'>, plan: KmsPlan, { region, keyArn }: Replica) {
  const kms = await context.kms(region, 'administrator');
  if (!kms.ok) return kms;
  const key = await kms.value.describeKey(keyArn);
  return key.ok ? isOursByPlan(context, kms.value, key.value.value, plan) : key;
}

/** The replicas that were planned, of those that exist. */
export async function plannedReplicas(
  context: Pick<ActContext, 'state' | 'kms' | 'packFolder'>,
  plan: KmsPlan,
): Promise<Result<readonly Replica[]>> {
  const there = await replicasOf(context, plan);
  if (!there.ok) return there;
  const planned: Replica[] = [];
  for (const replica of there.value) {
    const ours = await isOurs(context, plan, replica);
    if (!ours.ok) return ours;
    if (ours.value) planned.push(replica);
  }
  return success(planned);
}

/** What KMS says exists: also how an interrupted replication is found again. */
async function replicasOf(context: Pick<ActContext, 'state' | 'kms'>, plan: KmsPlan): Promise<Result<readonly Replica[]>> {
  const kms = await context.kms(plan.region, 'administrator');
  if (!kms.ok) return kms;
  const key = await kms.value.describeKey(kmsKeyArn(context.state));
  if (!key.ok) return key;
  const arns = key.value.value.multiRegion?.replicaArns ?? [];
  return success(arns.map((keyArn) => ({ region: keyArn.split(':')[3] ?? '', keyArn })));
}

async function replicate(context: ActContext, plan: KmsPlan, replicaRegion: string, policy: string): Promise<Result<Replica>> {
  const kms = await context.kms(plan.region, 'administrator');
  if (!kms.ok) return kms;
  const { ceremonyId } = context.state.genesis.data;
  // the primary is Updating for as long as the replica before is Creating, and takes no other meanwhile
  const ready = await untilState(kms.value, kmsKeyArn(context.state), ['Enabled']);
  if (!ready.ok) return ready;
  const made = await kms.value.replicateKey({
    keyId: kmsKeyArn(context.state),
    replicaRegion,
    policy,
    description: keyDescription(ceremonyId),
    tags: [{ key: CEREMONY_TAG, value: ceremonyId }],
  });
  return made.ok ? success({ region: replicaRegion, keyArn: made.value.value.arn }) : made;
}

/** A replica is Creating for seconds and then waits for its material. */
async function waitForImport(context: ActContext, { region, keyArn }: Replica): Promise<Result<null>> {
  const kms = await context.kms(region, 'administrator');
  if (!kms.ok) return kms;
  const key = await untilState(kms.value, keyArn, ['PendingImport', 'Enabled']);
  if (!key.ok) return key;
  return key.value.state === 'Creating' ? failure('aws.conflict', { state: 'Creating' }) : success(null);
}
