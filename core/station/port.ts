import type { AwsSeat } from '../contract/aws-settings';
import type { CeremonyChoice, PackSummary } from '../contract/values';
import type { Result } from '../contract/result';
import type { PersonCommand, SignCommand } from '../ceremony/command';
import type { CeremonyView, RunMode } from '../ceremony/view-model';
import type { Medium } from '../ceremony/command';
import type { ImportableSpec, KeyUsage } from '../keys/kms-spec';
import type { Wrapping } from '../keys/wrapping';
import type { KmsPort } from '../kms/port';
import type { TokenAddress, TokenPort } from '../pkcs11/port';
import type { StationProxy } from './proxy-port';

/** A token child as the station holds it: the port, and word of its death. */
export interface TokenProcess {
  readonly port: TokenPort;
  /** Called once when the process is gone; calls under way have answered `token.moduleCrashed` by then. */
  readonly onExit: (listener: (reason: string) => void) => void;
  /** Ends the process, by force if it must. */
  readonly stop: () => Promise<void>;
}

/** What a plan says of a key that its policy may pin. */
export interface KeyPolicyRequest {
  readonly runMode: RunMode;
  readonly account: string;
  readonly spec: ImportableSpec;
  readonly usage: KeyUsage;
  /** null: nothing is imported, the key lives in an external key store */
  readonly wrapping: Wrapping | null;
  readonly replicaRegions: readonly string[];
}

/** What stands for the world around a rehearsal where a test plays it: no authority signs for a test, and no DNS knows its names. */
export interface StandIns {
  /** roots that count as public, PEM */
  readonly publicRoots: readonly string[];
  /** where a host is reached; null: nowhere but by its name */
  readonly addressOf: (host: string) => { readonly host: string; readonly port: number } | null;
}

/** What a station stands on. The desktop app and the terminal each bring their own. */
export interface StationGround {
  readonly tool: { readonly name: string; readonly version: string; readonly build: string };
  /** folder of `ceremonies/`, `profiles/` */
  readonly resourcesFolder: string;
  /** one folder per ceremony goes in here */
  readonly evidenceFolder: string;
  /** officer files (`<id>.officer.json`) */
  readonly officersFolder: string;
  /** read anew at each start of a ceremony; '' means no mirror */
  readonly mirrorFolder: () => string;
  readonly stationIdentity: () => { readonly id: string; readonly kind: 'online' | 'offline' };
  /** the token of the next ceremony; `blank`: one that is to be initialised in it */
  readonly tokenAddress: (need: { readonly blank: boolean }) => Promise<Result<TokenAddress>>;
  readonly startTokenProcess: () => Promise<Result<TokenProcess>>;
  /** input -> a value that suits this station better than the script's own default, e.g. a wrapping its module can do */
  readonly suggestedInputs: () => Promise<Readonly<Record<string, string>>>;
  /** AWS KMS of a Region. A rehearsal may answer with the embedded one; production never does. */
  readonly kms: (request: {
    readonly region: string;
    readonly runMode: RunMode;
    readonly as: AwsSeat;
  }) => Promise<Result<KmsPort>>;
  /** the key policy for a planned key, JSON text: this station's draft, with what the plan pins */
  readonly keyPolicy: (request: KeyPolicyRequest) => Promise<Result<string>>;
  /** the folder of a medium that is in the station; `file.notFound` while none was chosen */
  readonly mediumFolder: (request: {
    readonly which: Medium;
    /** counts from 1: a script that carries two bundles there and back needs two media with each label */
    readonly round: number;
    readonly runMode: RunMode;
    readonly ceremonyId: string;
  }) => Promise<Result<string>>;
  /** the XKS proxy of this station; null: it has none, and acts on one are refused */
  readonly proxy: StationProxy | null;
  /** neither the app nor the terminal has any, and production does without them */
  readonly standIns?: StandIns;
  /** a folder per ceremony goes in here: what must not leave the station */
  readonly privateFolder: string;
  /** JSON file of what must not be forgotten */
  readonly calendarFile: string;
  readonly now: () => Date;
  /** after every change, with the whole view; null when no ceremony is on the stage */
  readonly onChange: (view: CeremonyView | null) => void;
}

export interface StartRequest {
  readonly script: string;
  readonly runMode: RunMode;
  readonly inputs: Readonly<Record<string, string>>;
  readonly seats: Readonly<Record<string, string>>;
  readonly typed: string;
}

/** One ceremony at a time: joins engine, token child and pack. Secrets given to it are overwritten when the call ends. */
export interface Station {
  choices(): Promise<Result<readonly CeremonyChoice[]>>;
  start(request: StartRequest): Promise<Result<CeremonyView>>;
  /** Continues a ceremony from its folder after a restart. */
  reopen(ceremonyId: string): Promise<Result<CeremonyView>>;
  current(): CeremonyView | null;
  submit(command: PersonCommand, pin: Uint8Array | null, typed: string): Promise<Result<CeremonyView>>;
  login(pin: Uint8Array | null): Promise<Result<CeremonyView>>;
  sign(command: SignCommand, passphrase: Uint8Array | null): Promise<Result<CeremonyView>>;
  retry(): Promise<Result<CeremonyView>>;
  leave(): Promise<Result<null>>;
  packs(): Promise<Result<readonly PackSummary[]>>;
}
