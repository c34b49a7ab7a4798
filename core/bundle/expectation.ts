import { roleOf } from '../ceremony/variant';
import { failure, type Failure } from '../contract/result';
import { importDeadline } from '../keys/import-deadline';
import type { ImportableSpec } from '../keys/kms-spec';
import type { Wrapping } from '../keys/wrapping';
import type { Bundle } from './inspect';
import { bundleDigest, type BundleManifest, type BundleSet, type UnsignedManifest } from './manifest';

/** Somebody the reading station knows, as its officers' registry lists people. */
export interface KnownOfficer {
  readonly name: string;
  /** raw Ed25519 public key, base64 */
  readonly publicKey: string;
  /** a credential for practice, whose passphrase is no secret */
  readonly rehearsal: boolean;
}

/** What the reading station knows of the bundle that is due. null: it cannot know it, and people compare what the bundle says. */
interface CommonExpectation {
  readonly runMode: 'rehearsal' | 'production';
  readonly scriptSha256: string;
  readonly ceremonyId: string | null;
  /** in the order of the sets */
  readonly keyArns: readonly string[] | null;
  readonly keySpec: ImportableSpec | null;
  readonly wrapping: Wrapping | null;
  /**
   * Who may have signed, and how many different people must have: `atLeast` in a seat of one of the roles `of`. `known` are the people
   * this ceremony expects to approve; the fewer, the less a stolen credential of somebody else is worth.
   */
  readonly signers: { readonly known: readonly KnownOfficer[]; readonly atLeast: number; readonly of: readonly string[] };
  /** `marginMs`: how long before their end sets are refused */
  readonly clock: { readonly nowMs: number; readonly marginMs: number };
}

/** `answers`: the OUT manifest that a BACK bundle must answer. The online station wrote it itself, so it is never unknown. */
export type BundleExpectation = CommonExpectation &
  (
    | { readonly kind: 'byok-out'; readonly answers: null }
    | { readonly kind: 'byok-back'; readonly answers: UnsignedManifest | BundleManifest }
  );

/** Clocks of two stations may differ by so much: as far as KMS lets a signed request be off. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** Why a bundle that holds in itself is not the one that is due, or null. The first difference, those of a mixed-up medium first. */
export function expectationFailure(bundle: Bundle, expected: BundleExpectation): Failure | null {
  const found = bundle.manifest;
  return (
    modeFailure(found, expected) ??
    otherFailure(found, expected) ??
    answerFailure(found, expected) ??
    signersFailure(found, expected) ??
    clockFailure(found, expected)
  );
}

function modeFailure(found: BundleManifest, { runMode, kind }: BundleExpectation): Failure | null {
  if (found.runMode !== runMode) return failure('bundle.wrongMode', { expected: runMode, found: found.runMode }).error;
  return found.kind === kind ? null : failure('bundle.wrongKind', { expected: kind, found: found.kind }).error;
}

function otherFailure(found: BundleManifest, expected: BundleExpectation): Failure | null {
  const { ceremonyId, scriptSha256, keyArns, keySpec, wrapping } = expected;
  return (
    differs('ceremony id', ceremonyId, found.ceremonyId) ??
    differs('SHA-256 of the script', scriptSha256, found.scriptSha256) ??
    differs('key ARN', keyArns?.join(' ') ?? null, found.sets.map(({ keyArn }) => keyArn).join(' ')) ??
    differs('key spec', keySpec, found.keySpec) ??
    differs('wrapping algorithm', wrapping?.algorithm ?? null, found.wrappingAlgorithm) ??
    differs('wrapping key spec', wrapping?.wrappingKeySpec ?? null, found.wrappingKeySpec)
  );
}

function differs(what: string, expected: string | null, found: string): Failure | null {
  return expected === null || expected === found ? null : failure('bundle.otherCeremony', { what, expected, found }).error;
}

/** A BACK bundle answers one OUT bundle: by digest, and set by set, so that no blob meets another set's token. */
function answerFailure(found: BundleManifest, { answers }: BundleExpectation): Failure | null {
  if (answers === null || found.kind !== 'byok-back') return null;
  return (
    differs('digest of the OUT bundle', bundleDigest(answers), found.answers) ??
    differs('number of sets', String(answers.sets.length), String(found.sets.length)) ??
    answers.sets.map((set, i) => differs(`set ${i + 1}`, setText(set), setText(found.sets[i]))).find((one) => one !== null) ??
    differs('key spec', answers.keySpec, found.keySpec) ??
    differs('wrapping algorithm', answers.wrappingAlgorithm, found.wrappingAlgorithm) ??
    differs('wrapping key spec', answers.wrappingKeySpec, found.wrappingKeySpec)
  );
}

function setText(set: BundleSet | undefined): string {
  if (set === undefined) return '';
  const { keyArn, spkiSha256, importTokenSha256, parametersValidTo } = set;
  return `${keyArn}, wrapping key ${spkiSha256}, token ${importTokenSha256}, valid to ${parametersValidTo}`;
}

function signersFailure(
  { signatures }: BundleManifest,
  { signers, runMode }: Pick<BundleExpectation, 'signers' | 'runMode'>,
): Failure | null {
  const { known, atLeast, of } = signers;
  for (const { seat, name, publicKey } of signatures) {
    const officer = known.find((one) => one.publicKey === publicKey);
    const who = `${seat} (${name})`;
    if (!officer) return unsigned(`The key of ${who} is not known to this station.`);
    if (officer.name !== name) return unsigned(`The key of ${who} is known here as the one of ${officer.name}.`);
    if (officer.rehearsal && runMode === 'production') return unsigned(`${who} signed with a credential for rehearsals.`);
  }
  const people = new Set(signatures.filter(({ seat }) => of.includes(roleOf(seat))).map(({ publicKey }) => publicKey)).size;
  return people >= atLeast ? null : unsigned(`${people} of ${atLeast} people of ${of.join(', ')} signed.`);
}

/** Why the signers are not people this station knows, or null: for a reader who knows people and nothing of the ceremony. */
export function strangerFailure(found: BundleManifest, known: readonly KnownOfficer[]): Failure | null {
  return signersFailure(found, {
    signers: { known, atLeast: 1, of: found.approvers.map(({ seat }) => roleOf(seat)) },
    runMode: found.runMode,
  });
}

function unsigned(problem: string): Failure {
  return failure('bundle.unsigned', { problem }).error;
}

function clockFailure({ sets, createdUtc }: BundleManifest, { clock }: BundleExpectation): Failure | null {
  const now = new Date(clock.nowMs).toISOString();
  if (clock.nowMs < Date.parse(createdUtc) - CLOCK_SKEW_MS) return failure('bundle.clockBehind', { createdUtc, now }).error;
  const { validTo, toValidToMs } = importDeadline(
    sets.map(({ parametersValidTo }) => parametersValidTo),
    clock.nowMs,
  );
  if (toValidToMs > clock.marginMs) return null;
  const lastSafe = new Date(Date.parse(validTo) - clock.marginMs).toISOString();
  return failure('bundle.expired', { parametersValidTo: validTo, lastSafe, now }).error;
}
