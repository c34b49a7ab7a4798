import type { Script } from '../../ceremony/script';
import type { Medium } from '../../ceremony/command';
import type { Result } from '../../contract/result';
import type { OfficerSummary } from '../../contract/values';
import type { EventData } from '../../ceremony/events';
import type { CeremonyState } from '../../ceremony/state';
import type { Artefact, Check, Outcome, ShowBlock } from '../../keys/evidence';
import type { KmsPort } from '../../kms/port';
import type { TokenAddress, TokenPort } from '../../pkcs11/port';
import type { Calendar } from '../calendar';
import type { AwsSeat } from '../../contract/aws-settings';
import type { KeyPolicyRequest, StandIns } from '../port';
import type { StationProxy } from '../proxy-port';

/** What an act at the rim may use. `pin` is the person's, as bytes; the station overwrites it when the act is over. */
export interface ActContext {
  readonly script: Script;
  readonly state: CeremonyState;
  /** `resources/templates`, with what servers are set up from */
  readonly templatesFolder: string;
  /** A token process; started on first use. */
  readonly port: () => Promise<Result<TokenPort>>;
  readonly address: TokenAddress;
  readonly profile: { readonly title: string; readonly rehearsalOnly: boolean };
  readonly intent: EventData<'intent'>['details'];
  readonly pin: Uint8Array | null;
  readonly packFolder: string;
  readonly mirrorFolder: string;
  /** AWS KMS of a Region, as one of the two people who may call it. */
  readonly kms: (region: string, as: AwsSeat) => Promise<Result<KmsPort>>;
  /** The folder of a medium that is in the station; `file.notFound` while none was chosen. */
  readonly medium: (which: Medium) => Promise<Result<string>>;
  /** What stays on this station and in no pack (import tokens); made on first use. */
  readonly privateFolder: string;
  /** Officers this station knows: whose signature on a bundle counts. */
  readonly officers: () => Promise<Result<readonly OfficerSummary[]>>;
  /** The key policy for a planned key, JSON text. */
  readonly keyPolicy: (plan: Omit<KeyPolicyRequest, 'runMode'>) => Promise<Result<string>>;
  /** the XKS proxy of this station; null: it has none */
  readonly proxy: StationProxy | null;
  readonly calendar: Calendar;
  /** of a test, in a rehearsal */
  readonly standIns: StandIns | null;
  /** Says a few words of the way while the act runs: on the screen only, in no record. */
  readonly tell: (progress: string) => void;
  /** Aborted when the ceremony is left: an act that waits for people ends with `input.cancelled`, and is done again later. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

/** One act: reads or changes the world once, and says what it saw. Adding one: a line in `core/ceremony/verbs/`, a file here, a test. */
export type Act = (context: ActContext) => Promise<Result<Outcome>>;

/** An outcome, with what it does not have left empty. */
export function outcome(parts: Partial<Outcome>): Outcome {
  return { data: {}, checks: [], show: [], values: {}, artefacts: [], ...parts };
}

export function check(rule: string, ok: boolean, wanted: string, got: string): Check {
  return { rule, ok, wanted, got };
}

/** Rows of names and values; an empty value is left out, for nobody reads it aloud. */
export function facts(title: string, rows: readonly (readonly [name: string, value: string, mono?: boolean])[]): ShowBlock {
  const filled = rows.filter(([, value]) => value !== '');
  return { kind: 'facts', title, rows: filled.map(([name, value, mono]) => (mono ? { name, value, mono } : { name, value })) };
}

/** A JSON artefact in its canonical form, so that its file hash is the digest people compare. */
export function jsonArtefact(name: string, canonicalText: string): Artefact {
  return { name, bytes: new TextEncoder().encode(canonicalText) };
}
