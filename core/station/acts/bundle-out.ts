import { success } from '../../contract/result';
import { canonical } from '../../evidence/canonical';
import { SET_MARGIN_MS } from '../../keys/import-set';
import type { Check } from '../../keys/evidence';
import { earliestEnd } from '../../keys/import-deadline';
import type { Bundle } from '../../bundle/inspect';
import { manifestBytes, type BundleManifest } from '../../bundle/manifest';
import { prepareOut } from '../../bundle/prepare';
import { readBundle } from '../../bundle/read-bundle';
import { check, facts, jsonArtefact, outcome, type Act } from './act';
import { fetchedSets } from './aws-parameters';
import { bundleBlocks, ceremonyFacts } from './bundle-facts';
import { knownAcrossTheGap } from './bundle-signatures';
import { kmsPlan, type KmsPlan } from './kms-plan';
import { isNetworkWaived, networkCheck } from './network';
import { ownArtefacts } from './own-artefact';

/** People who must have signed an OUT bundle, of the two AWS seats. */
const OUT_SIGNERS = { atLeast: 2, of: ['AO', 'AA'] } as const;

/** The OUT bundle before it is signed: its digest is what operator and approver approve. */
export const bundlePrepareOut: Act = async (context) => {
  const sets = fetchedSets(context.state);
  const spkis = await ownArtefacts(context, 'aws.parameters', sets.length);
  if (!spkis.ok) return spkis;
  const account = sets[0]?.keyArn.split(':')[4] ?? '';
  const said = ceremonyFacts(context, 'out', account);
  if (!said.ok) return said;
  const { manifest, digest } = prepareOut(
    said.value,
    sets.map(({ region, keyArn, importTokenSha256, validTo }, i) => ({
      region,
      keyArn,
      importTokenSha256,
      parametersValidTo: new Date(validTo).toISOString(),
      spki: spkis.value[i] ?? new Uint8Array(),
    })),
  );
  return success(
    outcome({
      values: { 'out.digest': digest },
      show: bundleBlocks(manifest, digest),
      artefacts: [jsonArtefact('out-unsigned.json', canonical(manifest))],
    }),
  );
};

/** The offline station takes the OUT bundle in: read once, whole, and refused whole. The network is looked at again first. */
export const bundleReadOut: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const folder = await context.medium('out');
  if (!folder.ok) return folder;
  const known = await context.officers();
  if (!known.ok) return known;
  const { data } = context.state.genesis;
  const own = context.state.data['bundle.writeOut'] !== undefined;
  const found = await readBundle(folder.value, {
    kind: 'byok-out',
    runMode: data.runMode,
    scriptSha256: data.script.sha256,
    ceremonyId: own ? data.ceremonyId : null,
    keyArns: null,
    keySpec: plan.value.spec,
    wrapping: plan.value.wrapping,
    answers: null,
    signers: { known: knownAcrossTheGap(known.value, context.state, OUT_SIGNERS.of), ...OUT_SIGNERS },
    clock: { nowMs: context.now().getTime(), marginMs: SET_MARGIN_MS },
  });
  if (!found.ok) return found;
  const network = networkCheck(data.station, data.runMode, isNetworkWaived(context.state));
  return network.ok ? success(taken(found.value, plan.value, network.value)) : network;
};

function taken({ manifest, digest, data }: Bundle, plan: Pick<KmsPlan, 'account' | 'region' | 'replicaRegions'>, network: Check) {
  const sets = manifest.sets.map(({ region, keyArn, spkiSha256 }, i) => ({ n: i + 1, region, keyArn, spkiSha256 }));
  const validTo = earliestEnd(manifest.sets.map(({ parametersValidTo }) => parametersValidTo));
  return outcome({
    data: { sets, from: manifest.ceremonyId, genesis: manifest.genesis, prevHead: manifest.prevHead },
    values: { 'out.digest': digest, 'set.validTo': validTo },
    checks: [
      check('CER-BUNDLE-ACCOUNT', manifest.accountId === plan.account, plan.account, manifest.accountId),
      regionCheck(
        plan,
        sets.map(({ region }) => region),
      ),
      network,
    ],
    show: [...bundleBlocks(manifest, digest), signersOf(manifest)],
    artefacts: [
      ...data.map(({ bytes }, i) => ({ name: `wrapping-key-${i + 1}.der`, bytes })),
      { name: 'out-manifest.json', bytes: manifestBytes(manifest) },
    ],
  });
}

/** The sets are for the key of the plan, or, in the second round of a multi-Region key, one for each of its replicas. */
function regionCheck({ region, replicaRegions }: Pick<KmsPlan, 'region' | 'replicaRegions'>, found: readonly string[]): Check {
  const ofKey = found.every((one) => one === region);
  const ofReplicas = found.length === replicaRegions.length && found.every((one, i) => one === replicaRegions[i]);
  const wanted = replicaRegions.length === 0 ? region : `${region}, or ${replicaRegions.join(', ')}`;
  return check('CER-BUNDLE-REGION', ofKey || ofReplicas, wanted, found.join(', '));
}

function signersOf(manifest: BundleManifest) {
  return facts(
    'Signed by',
    manifest.signatures.map(({ seat, name, officer }) => [seat, `${name} (${officer})`] as const),
  );
}
