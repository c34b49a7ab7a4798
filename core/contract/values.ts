import type { Medium } from '../ceremony/command';
import type { RunMode } from '../ceremony/view-model';
import type { AwsSeat, AwsSettings } from './aws-settings';
import type { Failure } from './result';
import type { ModuleReport, TokenReport, TokenSummary } from './token-values';

/** The values that cross the bridge besides the ceremony's own view. Paths are for reading only: a page cannot send one back. */
export interface AppInfo {
  readonly version: string;
  readonly build: string;
  readonly platform: 'linux' | 'darwin' | 'win32';
  readonly window: 'main' | 'projector';
  readonly electron: string;
}

export interface Settings {
  readonly appearance: 'system' | 'light' | 'dark';
  readonly station: { readonly id: string; readonly kind: 'online' | 'offline' };
  readonly profile: string;
  /** '' : the profile's candidates */
  readonly modulePath: string;
  readonly token: { readonly serial: string; readonly label: string } | null;
  /** the embedded rehearsal token is used (SoftHSM profile, no module picked) */
  readonly embeddedToken: boolean;
  /** '' : no mirror */
  readonly mirror: string;
  readonly evidenceFolder: string;
  readonly aws: AwsSettings;
}

/** Who AWS says a seat is, or why it did not say. */
export interface AwsIdentity {
  readonly seat: AwsSeat;
  /** '' : the default chain */
  readonly profile: string;
  readonly caller: {
    readonly account: string;
    readonly arn: string;
    readonly region: string;
    /** '' : AWS's own of the Region */
    readonly endpoint: string;
    readonly rehearsal: boolean;
  } | null;
  readonly failure: Failure | null;
}

/** The folder of each medium, '' where none was chosen: a rehearsal then uses its practice medium. */
export type MediumFolders = Readonly<Record<Medium, string>>;

export interface ProfileSummary {
  readonly id: string;
  readonly title: string;
  readonly rehearsalOnly: boolean;
  readonly candidates: readonly string[];
  /** the first candidate that exists here, or '' */
  readonly found: string;
  readonly notes: readonly string[];
}

export interface ModuleTest {
  readonly module: ModuleReport;
  readonly tokens: readonly TokenSummary[];
  readonly chosen: TokenReport | null;
}

export interface OfficerSummary {
  readonly id: string;
  readonly name: string;
  /** raw Ed25519 public key, base64 */
  readonly publicKey: string;
  /** SHA-256 of the public key, as words */
  readonly words: string;
  readonly enrolledAt: string;
  readonly where: 'station' | 'media';
  readonly rehearsal: boolean;
}

export interface CeremonyInput {
  readonly name: string;
  readonly title: string;
  readonly hint: string;
  readonly options: readonly { readonly value: string; readonly title: string }[] | null;
  readonly pattern: string;
  readonly value: string;
}

export interface CeremonyChoice {
  readonly script: string;
  readonly title: string;
  readonly summary: string;
  readonly sha256: string;
  readonly words: string;
  readonly estimateMinutes: number;
  readonly steps: number;
  readonly inputs: readonly CeremonyInput[];
  /** combinations of inputs that are not offered: input -> values, and why */
  readonly never: readonly {
    readonly inputs: Readonly<Record<string, readonly string[]>>;
    /** only in this run mode; null: in both */
    readonly runMode: RunMode | null;
    readonly because: string;
  }[];
  /** seats per variant are computed by main: a seat whose role no step of the chosen variant needs may stay empty */
  readonly seats: readonly {
    readonly seat: string;
    readonly role: string;
    readonly title: string;
    readonly conflicts: readonly string[];
    readonly neededWhen: Readonly<Record<string, readonly string[]>> | null;
  }[];
}

export interface PackSummary {
  readonly ceremonyId: string;
  readonly title: string;
  readonly runMode: RunMode;
  readonly openedAt: string;
  readonly state: 'running' | 'completed' | 'aborted' | 'damaged';
  readonly head: string;
  readonly headWords: string;
  readonly exceptions: number;
}

export interface PackVerdict {
  readonly ceremonyId: string;
  readonly ok: boolean;
  readonly summary: string;
  readonly events: number;
  readonly head: string;
  readonly headWords: readonly string[];
  readonly runMode: RunMode | null;
  readonly outcome: 'completed' | 'aborted' | null;
  readonly signatures: readonly {
    readonly seat: string;
    readonly name: string;
    readonly verdict: 'signed' | 'dissented';
    readonly reason: string;
  }[];
  /** what failed, where, and what it means */
  readonly problem: { readonly where: string; readonly what: string } | null;
}

export interface KeysReport {
  readonly token: TokenReport;
  readonly keys: readonly {
    readonly label: string;
    readonly ckaId: string;
    readonly class: string;
    readonly keyType: string;
    readonly verdict: 'fits' | 'differs' | 'unknown';
    /** the purpose whose policy it fits or was measured against */
    readonly purpose: string;
    readonly rows: readonly { readonly name: string; readonly wanted: string; readonly got: string; readonly ok: boolean }[];
  }[];
}

/** The token as the desk shows it. Asking takes a process and a module, so it is asked apart from the desk. */
export interface DeskToken {
  readonly state: 'present' | 'absent' | 'blank' | 'locked' | 'noModule';
  readonly title: string;
  readonly serial: string;
  readonly text: string;
}

export interface Desk {
  readonly running: {
    readonly ceremonyId: string;
    readonly title: string;
    readonly step: string;
    readonly runMode: RunMode;
  } | null;
  /** `privateFiles`: how many it keeps on this station alone until it is sealed, import tokens or secrets of proxies */
  readonly unfinished: readonly (PackSummary & { readonly privateFiles: number })[];
  /** such files of ceremonies that are not under way here: their record is gone, damaged, or in another folder */
  readonly leftBehind: readonly { readonly ceremonyId: string; readonly privateFiles: number }[];
  readonly recent: readonly PackSummary[];
  readonly officers: number;
}
