import type { Framing } from '../../core/xks/aad';
import type { XksFailure } from '../../core/xks/errors';
import type { HealthState } from '../../core/xks/wire';

/** What an HSM operation answered, with where its time went, in milliseconds. */
export type HsmAnswer<T> = ({ readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: XksFailure }) & {
  readonly queueMs: number;
  readonly hsmMs: number;
};

/** One generation of a key: one object under the label. */
export interface Generation {
  /** first 8 bytes of SHA-256 over CKA_ID, hex: what ciphertext metadata names it by */
  readonly id: string;
  /** CKA_ID, lower-case hex */
  readonly ckaId: string;
  /** bits of an AES key; null for a key of another type */
  readonly aesBits: number | null;
  /** CKA_TOKEN objects only; the CKA_ENCRYPT, CKA_DECRYPT ... that are true, as XKS spells them: ENCRYPT, DECRYPT, SIGN, VERIFY, WRAP, UNWRAP, DERIVE */
  readonly usages: readonly string[];
}

/** Which generation of a label counts: settings say so where there are several. CKA_IDs in lower-case hex. */
export interface KeyChoice {
  readonly label: string;
  /** null: the only one there is; several are refused as duplicates */
  readonly current: string | null;
  /** the generation that ciphertexts without metadata of ours belong to; null: the only one, or `current` */
  readonly legacy: string | null;
}

export interface EncryptOrder {
  readonly key: KeyChoice;
  readonly plaintext: Uint8Array;
  /** null: absent */
  readonly aad: Uint8Array | null;
  /** compute the integrity value and decrypt what is about to be answered, before answering */
  readonly wantsCdiv: boolean;
}

export interface Encrypted {
  readonly ciphertext: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly metadata: Uint8Array;
  readonly cdiv: Uint8Array | null;
  readonly generation: string;
}

export interface DecryptOrder {
  readonly key: KeyChoice;
  readonly ciphertext: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly aad: Uint8Array | null;
  readonly metadata: Uint8Array;
  /** framings to try where the metadata is not ours, in this order; empty: such ciphertexts are refused */
  readonly foreignFramings: readonly Framing[];
}

export interface Decrypted {
  readonly plaintext: Uint8Array;
  readonly generation: string;
}

/** How the pool is, for health, metrics and `keyrite status`. */
export interface HsmState {
  /** `loginRefused`: the token refused the PIN, `loggedOut`: a person logged out; nothing logs in until a person acts */
  readonly condition: 'starting' | 'serving' | 'recovering' | 'loginRefused' | 'loggedOut' | 'killed' | 'stopped';
  /** also of one that is killed. `before`: it was so when this process started */
  readonly loggedOut: 'no' | 'before' | 'now';
  /** why, for people, where it is not serving; else '' */
  readonly problem: string;
  readonly sessions: { readonly wanted: number; readonly ready: number; readonly busy: number; readonly hung: number };
  readonly queued: number;
  /** since start */
  readonly counts: {
    readonly workersReplaced: number;
    readonly logins: number;
    readonly loginsRefused: number;
    readonly timeouts: number;
    readonly throttled: number;
    /** encryptions per label since start, for the ceiling of random IVs (2^32 per key, SP 800-38D 8.3) */
    readonly encryptions: Readonly<Record<string, number>>;
  };
  readonly token: {
    readonly label: string;
    readonly serial: string;
    readonly model: string;
    readonly manufacturer: string;
  } | null;
}

/**
 * The HSM as the rest of the proxy sees it. Every answer comes within the deadline, whatever the module does; none throws.
 * `mayUse` (see `HsmRules`) is asked again immediately before an operation is handed to a worker.
 */
export interface Hsm {
  /** The current generation's facts, read from the token, not from a cache. KeyNotFoundException where the label has no key. */
  readonly describe: (key: KeyChoice) => Promise<HsmAnswer<Generation>>;
  readonly encrypt: (order: EncryptOrder) => Promise<HsmAnswer<Encrypted>>;
  readonly decrypt: (order: DecryptOrder) => Promise<HsmAnswer<Decrypted>>;
  /** Encrypts and decrypts with the health key, past blocks but not past a kill. */
  readonly probe: () => Promise<HsmAnswer<HealthState>>;
  /** AES-256, sensitive, not extractable, for ENCRYPT and DECRYPT alone; refuses where the label exists. */
  readonly makeHealthKey: () => Promise<HsmAnswer<null>>;
  readonly state: () => HsmState;
  /** Forgets handles and attributes: settings were reloaded, keys may have changed. */
  readonly forgetKeys: () => void;
  /** A key was blocked: operations under way stop before their next call. */
  readonly blocksChanged: () => void;
  /** Stops every operation, logs out, closes the sessions and ends the worker processes. What has not ended after 40 ms gets SIGKILL. Resolves after 200 ms at the latest: were all seen to have ended? */
  readonly kill: () => Promise<boolean>;
  /** After `kill`: log in again and serve. Resolves at once; `state` tells how it goes. */
  readonly arm: () => void;
  /**
   * A person logs out: stops every operation, logs out and ends the worker processes, killed or not; what has not ended after 500 ms
   * gets SIGKILL. Nothing logs in from the call on, over restarts. Resolves when all have ended; `isKept`: a restart finds it so.
   */
  readonly logOut: () => Promise<{ readonly isKept: boolean }>;
  /**
   * How often a person has logged out since start, changes nothing or not. Whoever is about to log in and has to wait for something
   * first compares: somebody who logged out meanwhile was told that nothing logs in.
   */
  readonly logOuts: () => number;
  /** A person says: try the PIN again (another PIN, when given). Ends `loginRefused` and `loggedOut`; killed, it logs in with `arm`. */
  readonly retryLogin: (pin: Uint8Array | null) => void;
  /** Lets operations under way finish (up to the deadline), then ends everything. */
  readonly stop: () => Promise<void>;
}

export interface HsmRules {
  /** null: it may be used. Looked up synchronously. */
  readonly mayUse: (label: string) => XksFailure | null;
}
