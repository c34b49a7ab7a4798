import type { Framing } from '../../core/xks/aad';

/** Where a secret comes from. None of them is the settings file itself, except `inline`, which the sample proxy's users have. */
export type SecretSource =
  /** in the settings file in clear text, as the AWS sample proxy has it: works, with a warning */
  | { readonly from: 'inline'; readonly value: string }
  /** absolute path; refused unless it is ours and 0600 or stricter */
  | { readonly from: 'file'; readonly path: string }
  /** name below $CREDENTIALS_DIRECTORY (systemd LoadCredential=) */
  | { readonly from: 'credential'; readonly name: string }
  /** a file descriptor that whoever starts us opened; its number, or the name of an environment variable holding the number */
  | { readonly from: 'descriptor'; readonly number: number }
  /** one message of the parent process */
  | { readonly from: 'supervisor' };

export interface CredentialSettings {
  readonly accessKeyId: string;
  readonly secret: SecretSource;
  /** ISO 8601 UTC: since when it is in use, for its age; null: since it was first seen here */
  readonly since: string | null;
}

export interface KeyStoreSettings {
  /** for people, audit and metrics: `name` in the file, else the prefix without slashes, else `default` */
  readonly name: string;
  /** '' or `/a/b` */
  readonly prefix: string;
  readonly region: string;
  /** at least one; ids unique within the store */
  readonly credentials: readonly CredentialSettings[];
  /** labels of the keys this store may use */
  readonly keys: ReadonlySet<string>;
  /** framings for ciphertexts without metadata of ours, in order of trial */
  readonly foreignFramings: readonly Framing[];
}

/** Generations of one label, see `KeyChoice`. CKA_IDs in lower-case hex. */
export interface KeySettings {
  readonly current: string | null;
  readonly legacy: string | null;
}

/** The proxy's settings after validation. Times in milliseconds, sizes in bytes, paths absolute. */
export interface Settings {
  readonly server: {
    readonly host: string;
    readonly port: number;
    /** plain HTTP beyond loopback was asked for in so many words */
    readonly allowsPlainHttp: boolean;
    /** a second, plain listener for GET /ping; null: none (the main port always answers /ping) */
    readonly pingPort: number | null;
    readonly bodyBytes: number;
    readonly headerBytes: number;
    /** a client that takes longer for its headers or its whole request is cut off */
    readonly headersTimeoutMs: number;
    readonly requestTimeoutMs: number;
    readonly keepAliveTimeoutMs: number;
    readonly connections: number;
  };
  readonly tls: {
    readonly certificateFile: string;
    readonly keyFile: string;
    /** mutual TLS, off by default: AWS lists it as deprecated */
    readonly client: { readonly caFile: string; readonly subject: string } | null;
  } | null;
  /** false: the AWS sample proxy's is_sigv4_auth_enabled = false; only on loopback */
  readonly isSigV4On: boolean;
  readonly keyStores: readonly KeyStoreSettings[];
  readonly keys: ReadonlyMap<string, KeySettings>;
  readonly hsm: {
    /** id of a profile in resources/profiles, null: none, IVs are ours */
    readonly profile: string | null;
    /** absolute path of the PKCS#11 module */
    readonly module: string;
    /** both null: the only token there is */
    readonly token: { readonly label: string | null; readonly serial: string | null };
    readonly pin: SecretSource;
    /** who makes the IVs; from the profile, or the sample's hsm_capabilities */
    readonly iv: 'caller' | 'prepended' | 'appended' | 'hidden';
  };
  readonly pool: {
    readonly sessions: number;
    readonly processes: number;
    /** operations that may wait; more are answered with ThrottlingException */
    readonly queue: number;
    readonly deadlineMs: number;
    /** a call that has not returned after this costs its worker */
    readonly hungMs: number;
  };
  readonly limits: { readonly plaintextBytes: number; readonly aadBytes: number };
  readonly ciphertexts: {
    /** the sample's static metadata; decrypted with the sample's framing; null: none */
    readonly legacyMetadata: Uint8Array | null;
  };
  /** latch, lock, control socket, login marker live here; ours alone (0700) */
  readonly stateFolder: string;
  readonly audit: {
    readonly folder: string;
    /** what a request gets when its line cannot be written: an InternalException, or its answer */
    readonly onFailure: 'refuse' | 'continue';
    readonly fileBytes: number;
    /** fsync after every batch of lines, or once a second */
    readonly sync: 'each' | 'second';
  };
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly authorization: { readonly policyFile: string } | null;
  readonly health: {
    /** label of the health key */
    readonly key: string;
    readonly intervalMs: number;
    readonly fleetSize: number;
    /** GET /ping answers 503 while killed / while UNAVAILABLE */
    readonly pingWhenKilled: 'bad' | 'good';
    readonly pingWhenUnhealthy: 'bad' | 'good';
  };
  readonly log: {
    readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error';
    readonly stdout: boolean;
    readonly file: {
      readonly folder: string;
      readonly prefix: string;
      readonly rotation: 'minutely' | 'hourly' | 'daily' | 'never';
    } | null;
  };
  readonly tcpKeepAlive: { readonly idleMs: number } | null;
}

/** One thing wrong in the settings, or worth a word. */
export interface SettingsRemark {
  readonly severity: 'error' | 'warning';
  /** e.g. `external_key_stores[0].uri_path_prefix` */
  readonly key: string;
  /** what is wrong */
  readonly problem: string;
  readonly remedy: string;
}
