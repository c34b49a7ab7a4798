import { z } from 'zod';
import { personCommand, signCommand } from '../ceremony/command';
import type { CeremonyView } from '../ceremony/view-model';
import { awsSettings } from './aws-settings';
import type { CalendarItem } from './calendar-values';
import { policyAgainst, policyKey, policyPeople, type PickedPolicy, type PolicyPreview, type SavedPeople } from './key-policy';
import type { KmsKeysPage, KmsPlaces } from './kms-values';
import type { ProxyLive } from './proxy-live';
import { POLICY_CHARS, type PolicyTrial, type ProxyPolicy } from './proxy-policy';
import type { ProxySelfTest } from './proxy-self-test';
import type { KillOutcome, ProxySnapshot } from './proxy-values';
import type { Result } from './result';
import type {
  AppInfo,
  AwsIdentity,
  CeremonyChoice,
  Desk,
  DeskToken,
  KeysReport,
  MediumFolders,
  ModuleTest,
  OfficerSummary,
  PackSummary,
  PackVerdict,
  ProfileSummary,
  Settings,
} from './values';

/** Ties an input schema to the type of the answer. The answer type exists for the compiler only. */
interface Verb<I extends z.ZodType, O> {
  readonly input: I;
  readonly answer?: O;
}

function verb<O>() {
  return <I extends z.ZodType>(input: I): Verb<I, O> => ({ input });
}

const nothing = z.undefined();
const secret = z.instanceof(Uint8Array).refine((bytes) => bytes.length >= 1 && bytes.length <= 256);
const officerId = z.string().regex(/^[0-9a-f]{16}$/);
const ceremonyId = z.string().regex(/^[a-z0-9][a-z0-9-]{3,80}$/);
const appearance = z.enum(['system', 'light', 'dark']);
const runMode = z.enum(['rehearsal', 'production']);
const region = z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/);
const entryId = z.string().min(1).max(200);
const xksKey = z.string().min(1).max(128);
/** Why somebody does something to the proxy, for its audit log; '' where a reason is not asked for. Who does it, main says: a page cannot. */
const why = z.string().max(200);
const reason = z.string().trim().min(1).max(200);
/** A Cedar policy of the proxy, or what somebody makes of one. */
const policyText = z.string().min(1).max(POLICY_CHARS);
const medium = z.strictObject({ which: z.enum(['out', 'back']) });

/**
 * The whole of what the page may ask, by area. Types of the handlers and of the page's API derive from this value.
 * The page never names a path: where a file or folder is wanted, the verb opens the system's own dialog in main.
 */
export const BRIDGE = {
  app: {
    info: verb<AppInfo>()(nothing),
    openProjector: verb<null>()(nothing),
    closeProjector: verb<null>()(nothing),
  },
  desk: {
    get: verb<Desk>()(nothing),
    token: verb<DeskToken>()(nothing),
  },
  settings: {
    get: verb<Settings>()(nothing),
    setAppearance: verb<Settings>()(z.strictObject({ appearance })),
    setStation: verb<Settings>()(
      z.strictObject({ id: z.string().regex(/^[A-Za-z0-9-]{1,40}$/), kind: z.enum(['online', 'offline']) }),
    ),
    profiles: verb<readonly ProfileSummary[]>()(nothing),
    setProfile: verb<Settings>()(z.strictObject({ profile: z.string().max(40) })),
    pickModule: verb<Settings>()(nothing),
    /** back to the profile's own candidates (and, for rehearsal, the embedded token) */
    clearModule: verb<Settings>()(nothing),
    setToken: verb<Settings>()(z.strictObject({ serial: z.string().max(16), label: z.string().max(32) })),
    testModule: verb<ModuleTest>()(nothing),
    pickMirror: verb<Settings>()(nothing),
    clearMirror: verb<Settings>()(nothing),
    setAws: verb<Settings>()(awsSettings),
    /** Asks AWS who each seat is, as a ceremony of this mode would; changes nothing there. */
    identify: verb<readonly AwsIdentity[]>()(z.strictObject({ runMode })),
  },
  officers: {
    list: verb<readonly OfficerSummary[]>()(nothing),
    /** Makes the key, seals it with the passphrase (UTF-8 bytes) and keeps the officer file on this station. */
    enrol: verb<OfficerSummary>()(z.strictObject({ name: z.string().trim().min(1).max(80), passphrase: secret })),
    /** The same, into a file the person picks (removable media); the station keeps only the public part. */
    enrolToFile: verb<OfficerSummary>()(z.strictObject({ name: z.string().trim().min(1).max(80), passphrase: secret })),
    /** Reads an officer file the person picks. */
    add: verb<OfficerSummary>()(nothing),
    remove: verb<null>()(z.strictObject({ officer: officerId })),
    /** The practice officers, whose passphrase is printed on the screen; only in the Rehearsal profile. */
    enrolRehearsal: verb<readonly OfficerSummary[]>()(nothing),
  },
  ceremony: {
    choices: verb<readonly CeremonyChoice[]>()(nothing),
    start: verb<CeremonyView>()(
      z.strictObject({
        script: z.string().max(40),
        runMode,
        inputs: z.record(z.string().max(40), z.string().max(200)),
        /** seat -> officer */
        seats: z.record(z.string().max(12), officerId),
        /** the word typed to confirm production; '' in rehearsal */
        typed: z.string().max(40),
      }),
    ),
    current: verb<CeremonyView | null>()(nothing),
    reopen: verb<CeremonyView>()(z.strictObject({ ceremonyId })),
    submit: verb<CeremonyView>()(z.strictObject({ command: personCommand, pin: secret.nullable(), typed: z.string().max(64) })),
    login: verb<CeremonyView>()(z.strictObject({ pin: secret.nullable() })),
    sign: verb<CeremonyView>()(z.strictObject({ command: signCommand, passphrase: secret.nullable() })),
    /** After `halt`: writes what is waiting and goes on. */
    retry: verb<CeremonyView>()(nothing),
    /** Leaves the stage: a sealed ceremony is put away, a running one stays open for `reopen`. */
    leave: verb<null>()(nothing),
    /** Which folders stand for the media of the ceremony on the stage. */
    media: verb<MediumFolders>()(nothing),
    /** The folder a medium is mounted at, which the person picks. */
    pickMedium: verb<MediumFolders>()(medium),
    /** Back to no choice, which in a rehearsal is the practice medium. */
    clearMedium: verb<MediumFolders>()(medium),
  },
  evidence: {
    list: verb<readonly PackSummary[]>()(nothing),
    verify: verb<PackVerdict>()(z.strictObject({ ceremonyId })),
    verifyFolder: verb<PackVerdict>()(nothing),
    openReport: verb<null>()(z.strictObject({ ceremonyId })),
    exportPack: verb<{ readonly name: string }>()(z.strictObject({ ceremonyId })),
  },
  keys: {
    /** Logs in once, lists, judges and logs out. Refused while a ceremony holds the token. */
    inventory: verb<KeysReport>()(z.strictObject({ pin: secret.nullable() })),
  },
  kms: {
    places: verb<KmsPlaces>()(nothing),
    /** Keys of an account and Region, a page at a time; `from` 0 begins anew. Changes nothing in AWS. */
    keys: verb<KmsKeysPage>()(z.strictObject({ runMode, region, from: z.int().min(0).max(100_000) })),
    /** Ends a look that is under way: its calls are given up. */
    stop: verb<null>()(nothing),
  },
  keyPolicy: {
    people: verb<SavedPeople>()(nothing),
    setPeople: verb<SavedPeople>()(policyPeople),
    /** The policy of a form with everything that is said of it, or the problems of the form. `caller`: ARN of whoever would put it. */
    preview: verb<PolicyPreview>()(
      z.strictObject({ people: policyPeople, key: policyKey, caller: z.string().max(720).nullable(), against: policyAgainst }),
    ),
    /** Reads and judges a file that the person picks, and keeps it for comparing. */
    pickPolicy: verb<PickedPolicy>()(nothing),
    /** Writes the policy of the form into a file that the person names. */
    exportPolicy: verb<{ readonly name: string }>()(z.strictObject({ people: policyPeople, key: policyKey })),
  },
  calendar: {
    list: verb<readonly CalendarItem[]>()(nothing),
    remove: verb<readonly CalendarItem[]>()(z.strictObject({ id: entryId })),
    exportIcs: verb<{ readonly name: string }>()(z.strictObject({ id: entryId })),
  },
  /** This station's XKS proxy. Arming it again is a ceremony and no verb of the bridge. */
  proxy: {
    get: verb<ProxySnapshot>()(nothing),
    /** What it did of late; `since`: the `upTo` of the last answer, 0 at first. Refused where none runs. */
    live: verb<ProxyLive>()(z.strictObject({ since: z.int().min(0) })),
    /** Answers when it serves, or with why it does not. `pin` null: the one it was given before, or none is needed. */
    start: verb<ProxySnapshot>()(z.strictObject({ pin: secret.nullable() })),
    /** The planned pause: requests under way are answered, then the process ends. The latch is left as it is. */
    stop: verb<ProxySnapshot>()(nothing),
    /** The switch. Never refused: the answer says how far it got. */
    kill: verb<KillOutcome>()(z.strictObject({ why })),
    block: verb<ProxySnapshot>()(z.strictObject({ key: xksKey, why })),
    unblock: verb<ProxySnapshot>()(z.strictObject({ key: xksKey, why: reason })),
    /** Reads the settings again: what changed, and what only a restart would change, as lines for people. */
    reload: verb<{ readonly changed: readonly string[]; readonly needsRestart: readonly string[] }>()(nothing),
    /** Tries this PIN, or the one at hand once more, after the token refused one. */
    login: verb<ProxySnapshot>()(z.strictObject({ pin: secret.nullable() })),
    /** Ends its sessions with the token, killed or not, and forgets the PIN: nothing logs in before a person gives it again. */
    logOut: verb<ProxySnapshot>()(z.strictObject({ why })),
    /** Calls the proxy as KMS does, with the credential that lies in its folder. Takes some seconds. */
    selfTest: verb<ProxySelfTest>()(nothing),
    /** The policy file that the settings name. No verb puts a policy in force. */
    policy: verb<ProxyPolicy>()(nothing),
    /** What this policy would have answered to the newest requests of the audit log. Takes some seconds; a new trial ends an older one. */
    tryPolicy: verb<PolicyTrial>()(z.strictObject({ text: policyText })),
    /** Ends a trial that is under way. */
    stopTrial: verb<null>()(nothing),
    /** Writes a policy text into a file that the person names, which is never the one that the settings name. */
    exportPolicy: verb<{ readonly name: string }>()(z.strictObject({ text: policyText })),
  },
} as const;

export type Bridge = typeof BRIDGE;
export type Area = keyof Bridge;

type InputOf<V> = V extends Verb<infer I, unknown> ? z.infer<I> : never;
type AnswerOf<V> = V extends { readonly answer?: infer O } ? Exclude<O, undefined> : never;

/** The functions behind one area, for a given wrapper of answers (the page: Promise of Result; a handler: the same). */
export type AreaFunctions<A extends Area, R> = {
  readonly [K in keyof Bridge[A]]: (
    ...input: InputOf<Bridge[A][K]> extends undefined ? [] : [InputOf<Bridge[A][K]>]
  ) => R extends 'result' ? Promise<Result<AnswerOf<Bridge[A][K]>>> : never;
};

export type BridgeFunctions = { readonly [A in Area]: AreaFunctions<A, 'result'> };

/** What main tells the pages, unasked. A whole snapshot each time: a page that missed one is right again with the next. */
export interface BridgeEvents {
  'ceremony.changed': CeremonyView | null;
  'settings.changed': Settings;
  'officers.changed': readonly OfficerSummary[];
  /** four times a second at most */
  'proxy.changed': ProxySnapshot;
}

/** The page's whole API, as the preload exposes it. */
export interface PageApi {
  readonly call: (area: string, verb: string, input: unknown) => Promise<unknown>;
  readonly on: <E extends keyof BridgeEvents>(event: E, listener: (value: BridgeEvents[E]) => void) => () => void;
}
