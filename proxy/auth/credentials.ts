import { createHmac } from 'node:crypto';
import { signingKey, type Scope } from '../../core/xks/sigv4';

/** One pair KMS may sign with, its secret at hand. */
export interface Credential {
  readonly accessKeyId: string;
  /** 43 to 64 characters; never printed, never in an error */
  readonly secret: string;
  /** ISO 8601 UTC; null: since it was first seen here */
  readonly since: string | null;
}

/** What people rotate by: a credential whose last use is long ago can go. ISO 8601 UTC. */
export interface CredentialUsage {
  readonly accessKeyId: string;
  readonly since: string;
  /** null: not since this process began */
  readonly lastUsed: string | null;
}

/** Days whose signing keys are kept: a clock may differ by minutes, so around midnight two days are in use. */
const KEPT_DAYS = 2;

/** A credential in use. Its signing keys go when it goes. */
export class LiveCredential {
  readonly accessKeyId: string;
  readonly since: string;
  readonly #secret: string;
  readonly #keys = new Map<string, Uint8Array>();
  #lastUsed: number | null = null;

  constructor(accessKeyId: string, secret: string, since: string) {
    this.accessKeyId = accessKeyId;
    this.#secret = secret;
    this.since = since;
  }

  /** The key that signs in this scope: four HMACs the first time, then kept. Ask only with a scope whose date was checked. */
  keyFor(scope: Scope): Uint8Array {
    const named = `${scope.date}/${scope.region}/${scope.service}`;
    const kept = this.#keys.get(named);
    if (kept !== undefined) return kept;
    const key = signingKey(this.#secret, scope, TOOLS);
    if (this.#keys.size >= KEPT_DAYS) this.#keys.clear();
    this.#keys.set(named, key);
    return key;
  }

  /** A request signed with it was accepted, epoch ms. */
  used(at: number): void {
    this.#lastUsed = at;
  }

  /** The same one, after the settings said anew since when it is in use. */
  datedSince(since: string): LiveCredential {
    if (since === this.since) return this;
    const dated = new LiveCredential(this.accessKeyId, this.#secret, since);
    dated.#lastUsed = this.#lastUsed;
    return dated;
  }

  isSameAs({ accessKeyId, secret }: Credential): boolean {
    return this.accessKeyId === accessKeyId && this.#secret === secret;
  }

  usage(): CredentialUsage {
    const lastUsed = this.#lastUsed === null ? null : new Date(this.#lastUsed).toISOString();
    return { accessKeyId: this.accessKeyId, since: this.since, lastUsed };
  }
}

/**
 * The credentials of one key store at one time; never changed. A reload makes a new set and swaps it in whole: requests that began
 * under the old one end under it, so none fails because of the swap.
 */
export class CredentialSet {
  readonly #live: ReadonlyMap<string, LiveCredential>;

  constructor(live: Iterable<LiveCredential>) {
    this.#live = new Map([...live].map((credential) => [credential.accessKeyId, credential]));
  }

  find(accessKeyId: string): LiveCredential | undefined {
    return this.#live.get(accessKeyId);
  }

  usage(): readonly CredentialUsage[] {
    return [...this.#live.values()].map((credential) => credential.usage());
  }
}

/**
 * A set with these credentials. Those that `before` has too keep their signing keys, their age and their last use; one with the
 * same id and another secret is a new one.
 */
export function credentialSet(credentials: readonly Credential[], before: CredentialSet | null, now: number): CredentialSet {
  const live = credentials.map((credential) => {
    const known = before?.find(credential.accessKeyId);
    if (known?.isSameAs(credential) === true) return known.datedSince(credential.since ?? known.since);
    return new LiveCredential(credential.accessKeyId, credential.secret, credential.since ?? new Date(now).toISOString());
  });
  return new CredentialSet(live);
}

const TOOLS = {
  sha256Hex: (): never => {
    throw new Error('No key is derived by hashing.');
  },
  hmacSha256: (key: Uint8Array | string, data: string): Uint8Array => createHmac('sha256', key).update(data).digest(),
};
