import type { Bundle } from '../bundle/inspect';
import { qrLines, qrModules } from '../bundle/qr-code';
import { digestText } from '../bundle/qr-text';
import { ERROR_TEXTS } from '../contract/error-texts';
import type { Failure } from '../contract/result';
import { importDeadline, type DeadlinePhase, type ImportDeadline } from '../keys/import-deadline';
import { foreignText as plain } from './foreign-text';
import { ink } from './output';
import { wordRows } from './word-rows';

export interface BundleReport {
  readonly bundle: Bundle;
  /** were the signers compared with officers that somebody named? */
  readonly signersCompared: boolean;
  readonly nowMs: number;
}

/** The text a person reads: the verdict, what the bundle says, the digest to read aloud, who signed. */
export function describeBundle(report: BundleReport, { isTerminal, qr }: { isTerminal: boolean; qr: boolean }): string {
  const { bundle } = report;
  const { kind } = bundle.manifest;
  return [
    ink('green', 'THE BUNDLE HOLDS', isTerminal),
    facts(report),
    `Digest, to be read aloud row by row:\n  ${bundle.digest}\n${wordRows(bundle.digest)}`,
    ...(qr ? [drawn(digestText(kind, bundle.digest), isTerminal)] : []),
    signers(report),
    ...(bundle.tolerated.length > 0 ? [`Beside it, not opened: ${bundle.tolerated.join(', ')} (of the operating system).`] : []),
  ].join('\n\n');
}

const DIRECTIONS = {
  'byok-out': 'OUT: from the online station to the offline one',
  'byok-back': 'BACK: from the offline station to the online one',
} as const;

function facts({ bundle, nowMs }: BundleReport): string {
  const { manifest, data } = bundle;
  const rows: [string, string][] = [
    ['Kind', DIRECTIONS[manifest.kind]],
    ['Ceremony', manifest.ceremonyId],
    ['Run mode', manifest.runMode === 'rehearsal' ? 'REHEARSAL: proves practice, not a key' : 'production'],
    ['Made', `${manifest.createdUtc} at station ${plain(manifest.stationId)}`],
    ['Account', manifest.accountId],
    ...manifest.sets.map(({ keyArn }): [string, string] => ['Key', keyArn]),
    ['Key spec', manifest.keySpec],
    ['Wrapping', `${manifest.wrappingAlgorithm}, ${manifest.wrappingKeySpec}`],
    [
      'Valid to',
      validity(
        manifest.sets.map(({ parametersValidTo }) => parametersValidTo),
        nowMs,
      ),
    ],
    ...data.map(({ name, bytes }): [string, string] => ['File', `${name}, ${bytes.length} bytes`]),
    ...backRows(bundle),
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(13)}${value}`).join('\n');
}

/** What the online station can hold KMS's answer against after the import. */
const PROOFS = {
  mac: 'a MAC by the HSM over a challenge, to be compared with the one of KMS',
  publicKey: 'the public key in the HSM, to be compared with the one of KMS',
  doubleWrap: 'none in the bundle; the key is imported twice',
} as const;

function backRows({ manifest }: Bundle): [string, string][] {
  if (manifest.kind === 'byok-out') return [];
  const { checkValue, hsmSerial, mechanism, parameters, answers, proof } = manifest;
  return [
    ['HSM', `serial ${plain(hsmSerial)}`],
    ['Wrapped by', plain(`${mechanism}, ${parameters}`)],
    ['Check value', plain(`${checkValue.value} (${checkValue.method})`)],
    ['Proof', PROOFS[proof.kind]],
    ['Answers OUT', answers],
  ];
}

const PHASES: Readonly<Record<DeadlinePhase, (deadline: ImportDeadline) => string>> = {
  wrap: ({ lastSafeWrap }) => `wrapping may begin until ${lastSafeWrap}`,
  import: ({ lastSafeImport }) => `TOO LATE to begin wrapping; an import may begin until ${lastSafeImport}`,
  late: () => 'TOO LATE for anything but an import at once',
  over: () => 'OVER: KMS takes no import with this set any more',
};

function validity(validTos: readonly string[], nowMs: number): string {
  const deadline = importDeadline(validTos, nowMs);
  return `${deadline.validTo}; ${PHASES[deadline.phase](deadline)}`;
}

function signers({ bundle, signersCompared }: BundleReport): string {
  const lines = bundle.manifest.signatures.map(
    ({ seat, name, officer }) => `  ${seat.padEnd(4)}${plain(name)}, officer ${officer}: signature verifies`,
  );
  const note = signersCompared
    ? 'Every signer is an officer of this station.'
    : 'The signers were not compared with anything: their names are the bundle’s own word. Name your officers with --officers DIR.';
  return `Signed by:\n${lines.join('\n')}\n${note}`;
}

/** White on black where colours are understood, for a code drawn the other way round is not read by every scanner. */
function drawn(text: string, isTerminal: boolean): string {
  const lines = qrLines(qrModules(text)).map((line) => (isTerminal ? `\u001B[97;40m${line}\u001B[0m` : line));
  return [...lines, text].join('\n');
}

/** What failed, what it means and what to do; facts out of the bundle are somebody else's text. */
export function describeRefusal({ code, detail }: Failure, isTerminal: boolean): string {
  const { what, means, do: remedy } = ERROR_TEXTS[code];
  const rows = Object.entries(detail).map(([name, value]) => `  ${name}: ${plain(String(value))}`);
  const verdict = code === 'bundle.notFound' ? 'NO BUNDLE' : 'THE BUNDLE DOES NOT HOLD';
  return [ink('red', verdict, isTerminal), [what, ...rows].join('\n'), `${means} ${remedy}`].join('\n\n');
}

/** `--json` for a bundle that holds. */
export function bundleJson({ bundle, signersCompared, nowMs }: BundleReport): string {
  const { manifest, digest, manifestSha256, tolerated } = bundle;
  const deadline = importDeadline(
    manifest.sets.map(({ parametersValidTo }) => parametersValidTo),
    nowMs,
  );
  return JSON.stringify(
    { ok: true, exitCode: 0, digest, manifestSha256, signersCompared, deadline, tolerated, manifest },
    null,
    2,
  );
}

/** `--json` for one that does not, or is not there. */
export function refusalJson({ code, detail }: Failure, exitCode: 1 | 2): string {
  const { what, means, do: remedy } = ERROR_TEXTS[code];
  return JSON.stringify({ ok: false, exitCode, code, detail, what, means, remedy }, null, 2);
}
