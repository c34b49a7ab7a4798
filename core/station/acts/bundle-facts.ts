import { success, type Result } from '../../contract/result';
import type { Bundle } from '../../bundle/inspect';
import { qrModules } from '../../bundle/qr-code';
import { digestText } from '../../bundle/qr-text';
import type { BundleFacts } from '../../bundle/prepare';
import type { BundleKind } from '../../bundle/layout';
import type { UnsignedManifest } from '../../bundle/manifest';
import type { ShowBlock } from '../../keys/evidence';
import { facts, type ActContext } from './act';
import { approversOf } from './bundle-signatures';
import { kmsPlan } from './kms-plan';

/** What every bundle of this ceremony says of it: who sends, in which mode, under which script, and where its transcript stands. */
export function ceremonyFacts(context: ActContext, gate: 'out' | 'back', accountId: string): Result<BundleFacts> {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const { data, hash } = context.state.genesis;
  return success({
    ceremonyId: data.ceremonyId,
    runMode: data.runMode,
    scriptSha256: data.script.sha256,
    stationId: data.station.id,
    createdUtc: context.now().toISOString(),
    genesis: hash,
    prevHead: context.state.head,
    accountId,
    keySpec: plan.value.spec,
    wrappingAlgorithm: plan.value.wrapping.algorithm,
    wrappingKeySpec: plan.value.wrapping.wrappingKeySpec,
    approvers: approversOf(context.script, context.state, gate),
  });
}

/** The bundle as people see it before they sign, write or use it. */
export function bundleBlocks(manifest: UnsignedManifest, digest: string): readonly ShowBlock[] {
  return [
    facts(
      manifest.kind === 'byok-out'
        ? 'OUT bundle: wrapping keys for the offline station'
        : 'BACK bundle: wrapped keys for the online station',
      [
        ['Run mode', manifest.runMode],
        ['Ceremony', manifest.ceremonyId],
        ['Station', manifest.stationId],
        ['Key', `${manifest.keySpec}, ${manifest.wrappingAlgorithm}, ${manifest.wrappingKeySpec}`],
        ...manifest.sets.map(({ region, keyArn }, i) => [`Set ${i + 1}, ${region}`, keyArn, true] as const),
        ['Valid to', manifest.sets.map(({ parametersValidTo }) => parametersValidTo).toSorted()[0] ?? ''],
        ['Made', manifest.createdUtc],
        ['Transcript before it', manifest.prevHead, true],
      ],
    ),
    { kind: 'fingerprint', title: 'SHA-256 of the bundle', digest },
    qrOf(manifest.kind, digest),
  ];
}

/** For a station with a scanner: machines compare where bytes can be carried. */
function qrOf(kind: BundleKind, digest: string): ShowBlock {
  const text = digestText(kind, digest);
  return { kind: 'qr', title: 'The same as a code', text, modules: [...qrModules(text)] };
}

/** Who signed a bundle, and what medium it was found on. */
export function signerBlock({ manifest }: Bundle): ShowBlock {
  return {
    kind: 'table',
    title: 'Signed by',
    columns: ['Seat', 'Name', 'Officer'],
    rows: manifest.signatures.map(({ seat, name, officer }) => [seat, name, officer]),
    empty: 'Nobody',
  };
}
