import { failure, success, type Result } from '../../contract/result';
import { canonical } from '../../evidence/canonical';
import { SET_MARGIN_MS } from '../../keys/import-set';
import type { Check } from '../../keys/evidence';
import { earliestEnd } from '../../keys/import-deadline';
import type { Bundle } from '../../bundle/inspect';
import { bundleManifest, manifestBytes, type BundleManifest, type UnsignedOut } from '../../bundle/manifest';
import { prepareOut, type PreparedBundle } from '../../bundle/prepare';
import { readBundle } from '../../bundle/read-bundle';
import { rereadBundle, writeBundle } from '../../bundle/write-bundle';
import { sha256Bytes } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { fetchedSets } from './aws-parameters';
import { bundleBlocks, ceremonyFacts, signerBlock } from './bundle-facts';
import { bundleSignatures, knownAcrossTheGap } from './bundle-signatures';
import { kmsPlan, type KmsPlan } from './kms-plan';
import { isNetworkWaived, networkCheck } from './network';
import { ownArtefact } from './own-artefact';

/** People who must have signed an OUT bundle, of the two AWS seats. */
const OUT_SIGNERS = { atLeast: 2, of: ['AO', 'AA'] } as const;

async function wrappingKeys(
  context: ActContext,
  operation: 'aws.parameters' | 'bundle.readOut',
  count: number,
): Promise<Result<Uint8Array[]>> {
  const keys: Uint8Array[] = [];
  for (let i = 0; i < count; i += 1) {
    const spki = await ownArtefact(context, operation, i);
    if (!spki.ok) return spki;
    keys.push(spki.value);
  }
  return success(keys);
}

/** The OUT bundle before it is signed: its digest is what operator and approver approve. */
export const bundlePrepareOut: Act = async (context) => {
  const sets = fetchedSets(context.state);
  const spkis = await wrappingKeys(context, 'aws.parameters', sets.length);
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

/** The prepared bundle again, with its data: from the files that the transcript names. */
async function preparedOut(context: ActContext): Promise<Result<PreparedBundle>> {
  const text = await ownArtefact(context, 'bundle.prepareOut');
  if (!text.ok) return text;
  const manifest = JSON.parse(new TextDecoder().decode(text.value)) as UnsignedOut;
  const spkis = await wrappingKeys(context, 'aws.parameters', manifest.sets.length);
  if (!spkis.ok) return spkis;
  const data = manifest.files.map(({ name }, i) => ({ name, bytes: spkis.value[i] ?? new Uint8Array() }));
  return success({ manifest, digest: context.state.values['out.digest'] ?? '', data });
}

/** Onto the medium, and read back. What a run that was cut off had written already is as good. */
export const bundleWriteOut: Act = async (context) => {
  const prepared = await preparedOut(context);
  if (!prepared.ok) return prepared;
  const written = await writeOnto(context, 'out', prepared.value);
  if (!written.ok) return written;
  const manifest = written.value.manifest;
  return success(
    outcome({
      data: { digest: written.value.digest, manifestSha256: written.value.manifestSha256 },
      show: [writtenFacts(written.value), signerBlock(written.value)],
      artefacts: [{ name: 'out-manifest.json', bytes: manifestBytes(manifest) }],
    }),
  );
};

export function writtenFacts({ manifest, digest }: Bundle) {
  return facts('Written and read back', [
    ['Files', ['manifest.json', ...manifest.files.map(({ name }) => name)].join(', ')],
    ['SHA-256 of the bundle', digest, true],
    ['Now', 'Take the medium out, put it in again, and go on: only then is it read from the medium itself.'],
  ]);
}

/** Writes a bundle, or finds the very same one there: a run that was cut off after the writing is not an error. */
export async function writeOnto(context: ActContext, which: 'out' | 'back', prepared: PreparedBundle): Promise<Result<Bundle>> {
  const folder = await context.medium(which);
  if (!folder.ok) return folder;
  const signatures = [...bundleSignatures(context.state, which)];
  const manifest = bundleManifest.parse({ ...prepared.manifest, signatures });
  const there = await rereadBundle(folder.value, {
    digest: prepared.digest,
    manifestSha256: sha256Bytes(manifestBytes(manifest)),
  });
  return there.ok ? there : writeBundle(folder.value, prepared, signatures);
}

/** After the medium was out of the station. */
export const bundleRereadOut: Act = (context) => reread(context, 'out', 'bundle.writeOut');

export async function reread(context: ActContext, which: 'out' | 'back', wrote: 'bundle.writeOut' | 'bundle.writeBack') {
  const folder = await context.medium(which);
  if (!folder.ok) return folder;
  const { digest, manifestSha256 } = context.state.data[wrote] ?? {};
  if (typeof digest !== 'string' || typeof manifestSha256 !== 'string') return failure('ceremony.notNow', { waitingFor: wrote });
  const found = await rereadBundle(folder.value, { digest, manifestSha256 });
  if (!found.ok) return found;
  return success(
    outcome({
      data: { digest },
      checks: [check('CER-BUNDLE-REREAD', true, digest, found.value.digest)],
      show: [facts('Read again from the medium', [['SHA-256 of the bundle', digest, true]]), signerBlock(found.value)],
    }),
  );
}

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
