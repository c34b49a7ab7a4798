import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { hsmAad, type Framing, type Sha256Of } from '../../core/xks/aad';
import { cdiv } from '../../core/xks/cdiv';
import { ciphertextMetadata, GENERATION_BYTES, generationIn } from '../../core/xks/ciphertext-metadata';
import { refusal, type XksFailure, type XksResult } from '../../core/xks/errors';
import type {
  Decrypted,
  DecryptOrder,
  Encrypted,
  EncryptOrder,
  Generation,
  Hsm,
  HsmAnswer,
  HsmRules,
  HsmState,
  KeyChoice,
} from '../../proxy/hsm/port';

/** One object of the fake token. Several under a label with different `ckaId` are its generations. */
export interface FakeKey {
  readonly label: string;
  /** lower-case hex */
  readonly ckaId: string;
  /** 32 bytes; another length is a key that is not AES-256 */
  readonly secret: Uint8Array;
  readonly usages: readonly string[];
}

export type FakeOperation = 'describe' | 'encrypt' | 'decrypt' | 'probe' | 'makeHealthKey';

export interface FakeHsmOptions {
  readonly keys: readonly FakeKey[];
  /** asked before every operation, as the real one does; nothing is refused without it */
  readonly rules?: HsmRules;
  /** the IVs to use, in order, before random ones */
  readonly ivs?: readonly Uint8Array[];
}

/** The port of proxy/hsm, with AES-256-GCM of node:crypto behind it, and a hand on everything that can go wrong. */
export interface FakeHsm extends Hsm {
  /** The token's objects: change them as a person at the HSM would. */
  readonly keys: FakeKey[];
  /** how often each operation was asked for, refused ones included */
  readonly counts: Record<FakeOperation, number>;
  /** The next `times` calls of the operation answer this failure, before any check. */
  readonly failNext: (operation: FakeOperation, failure: XksFailure, times?: number) => void;
  /** Every call of the operation answers this failure until null is set. */
  readonly failAlways: (operation: FakeOperation, failure: XksFailure | null) => void;
  /** Calls of the operation wait from now on until `release`; `waiting` resolves when `calls` of them do. */
  readonly hold: (operation: FakeOperation) => {
    readonly waiting: (calls: number) => Promise<void>;
    readonly release: () => void;
  };
  readonly setState: (state: Partial<HsmState>) => void;
}

/** A key as most tests want it: AES-256 for ENCRYPT and DECRYPT. */
export function fakeKey(label: string, ckaId = '01', secret: Uint8Array = randomBytes(32)): FakeKey {
  return { label, ckaId, secret, usages: ['ENCRYPT', 'DECRYPT'] };
}

export const sha256: Sha256Of = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export function generationId(ckaId: string): string {
  return Buffer.from(sha256(Buffer.from(ckaId, 'hex')).subarray(0, GENERATION_BYTES)).toString('hex');
}

const STATE: HsmState = {
  condition: 'serving',
  problem: '',
  loggedOut: 'no',
  sessions: { wanted: 1, ready: 1, busy: 0, hung: 0 },
  queued: 0,
  counts: { workersReplaced: 0, logins: 1, loginsRefused: 0, timeouts: 0, throttled: 0, encryptions: {} },
  token: { label: 'fake', serial: '1', model: 'Fake HSM', manufacturer: 'Keyrite tests' },
};

/** A fake token with these keys. */
export function fakeHsm({ keys: start, rules, ivs = [] }: FakeHsmOptions): FakeHsm {
  const keys = [...start];
  const nextIvs = [...ivs];
  const counts: FakeHsm['counts'] = { describe: 0, encrypt: 0, decrypt: 0, probe: 0, makeHealthKey: 0 };
  const failures = new Map<FakeOperation, { failure: XksFailure; times: number }>();
  const gates = new Map<FakeOperation, Gate>();
  let state = STATE;
  let isKilled = false;
  let logOuts = 0;

  async function operate<T>(operation: FakeOperation, label: string, act: () => XksResult<T>): Promise<HsmAnswer<T>> {
    counts[operation] += 1;
    await gates.get(operation)?.pass();
    const planned = failures.get(operation);
    if (planned && planned.times > 0) {
      planned.times -= 1;
      return { ok: false, error: planned.failure, ...TIMES };
    }
    const error = isKilled ? KILLED.error : (rules?.mayUse(label) ?? null);
    return error === null ? { ...act(), ...TIMES } : { ok: false, error, ...TIMES };
  }

  return {
    keys,
    counts,
    failNext: (operation, failure, times = 1) => void failures.set(operation, { failure, times }),
    failAlways: (operation, failure) => {
      if (failure === null) failures.delete(operation);
      else failures.set(operation, { failure, times: Infinity });
    },
    hold: (operation) => {
      const gate = new Gate();
      gates.set(operation, gate);
      return { waiting: (calls) => gate.waiting(calls), release: () => gate.release() };
    },
    setState: (change) => void (state = { ...state, ...change }),
    describe: (key) => operate('describe', key.label, () => described(current(keys, key))),
    encrypt: (order) =>
      operate('encrypt', order.key.label, () => encrypted(current(keys, order.key), order, nextIvs.shift() ?? randomBytes(12))),
    decrypt: (order) => operate('decrypt', order.key.label, () => decrypted(keys, order)),
    probe: () => operate('probe', '', () => ({ ok: true, value: 'ACTIVE' })),
    makeHealthKey: () => operate('makeHealthKey', '', () => ({ ok: true, value: null })),
    state: () => (isKilled ? { ...state, condition: 'killed' } : state),
    forgetKeys: () => undefined,
    blocksChanged: () => undefined,
    kill: async () => (isKilled = true),
    arm: () => void (isKilled = false),
    logOut: async () => {
      logOuts += 1;
      state = { ...state, condition: 'loggedOut', loggedOut: 'now' };
      return { isKept: true };
    },
    logOuts: () => logOuts,
    retryLogin: () => undefined,
    stop: async () => undefined,
  };
}

const TIMES = { queueMs: 0.1, hsmMs: 0.5 };
const KILLED = refusal('InvalidStateException', 'killed', 'This proxy was switched off.');

/** Where calls of one operation wait until the test lets them go. */
class Gate {
  readonly #released = promiseParts();
  #calls = 0;
  #watchers: { readonly calls: number; readonly resolve: () => void }[] = [];

  pass(): Promise<void> {
    this.#calls += 1;
    for (const { calls, resolve } of this.#watchers) if (this.#calls >= calls) resolve();
    return this.#released.promise;
  }

  waiting(calls: number): Promise<void> {
    if (this.#calls >= calls) return Promise.resolve();
    return new Promise((resolve) => this.#watchers.push({ calls, resolve }));
  }

  release(): void {
    this.#released.resolve();
  }
}

function promiseParts(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

function under(keys: readonly FakeKey[], label: string): readonly FakeKey[] {
  return keys.filter((key) => key.label === label);
}

function current(keys: readonly FakeKey[], choice: KeyChoice): XksResult<FakeKey> {
  const found = under(keys, choice.label);
  const [only] = found;
  if (only === undefined) return refusal('KeyNotFoundException', 'noKey', `The HSM has no key ${choice.label}.`);
  if (found.length === 1) return { ok: true, value: only };
  const chosen = found.filter(({ ckaId }) => ckaId === choice.current);
  if (chosen.length === 1) return { ok: true, value: chosen[0]! };
  return refusal('InternalException', 'duplicateLabel', `Several keys have the label ${choice.label}.`);
}

function described(key: XksResult<FakeKey>): XksResult<Generation> {
  if (!key.ok) return key;
  const { ckaId, secret, usages } = key.value;
  return { ok: true, value: { id: generationId(ckaId), ckaId, aesBits: secret.length * 8, usages } };
}

function encrypted(key: XksResult<FakeKey>, order: EncryptOrder, iv: Uint8Array): XksResult<Encrypted> {
  if (!key.ok) return key;
  const { ckaId, secret, usages } = key.value;
  if (!usages.includes('ENCRYPT')) return refusal('InvalidKeyUsageException', 'usage', 'The key does not encrypt.');
  const metadata = ciphertextMetadata(Buffer.from(generationId(ckaId), 'hex'));
  const cipher = createCipheriv('aes-256-gcm', secret, iv);
  cipher.setAAD(hsmAad('spec', order.aad, metadata, sha256));
  const ciphertext = Buffer.concat([cipher.update(order.plaintext), cipher.final()]);
  const parts = { aad: order.aad ?? new Uint8Array(), metadata, iv, ciphertext, tag: cipher.getAuthTag() };
  const value = order.wantsCdiv ? cdiv(parts, sha256) : null;
  return { ok: true, value: { ciphertext, iv, tag: parts.tag, metadata, cdiv: value, generation: generationId(ckaId) } };
}

const BAD = refusal('InvalidCiphertextException', 'tag', 'The ciphertext, its IV, tag or additional data do not fit together.');

function decrypted(keys: readonly FakeKey[], order: DecryptOrder): XksResult<Decrypted> {
  const found = under(keys, order.key.label);
  if (found.length === 0) return refusal('KeyNotFoundException', 'noKey', `The HSM has no key ${order.key.label}.`);
  const named = generationIn(order.metadata);
  if (named !== null) {
    const name = Buffer.from(named).toString('hex');
    const key = found.find(({ ckaId }) => generationId(ckaId) === name) ?? (found.length === 1 ? found[0] : undefined);
    return key ? (opened(key, order, 'spec') ?? BAD) : BAD;
  }
  const legacy = found.length === 1 ? found[0] : found.find(({ ckaId }) => ckaId === (order.key.legacy ?? order.key.current));
  if (legacy === undefined) return BAD;
  for (const framing of order.foreignFramings) {
    const answer = opened(legacy, order, framing);
    if (answer !== null) return answer;
  }
  return BAD;
}

function opened({ ckaId, secret, usages }: FakeKey, order: DecryptOrder, framing: Framing): XksResult<Decrypted> | null {
  if (!usages.includes('DECRYPT')) return refusal('InvalidKeyUsageException', 'usage', 'The key does not decrypt.');
  try {
    const cipher = createDecipheriv('aes-256-gcm', secret, order.iv);
    cipher.setAAD(hsmAad(framing, order.aad, order.metadata, sha256));
    cipher.setAuthTag(order.tag);
    const plaintext = Buffer.concat([cipher.update(order.ciphertext), cipher.final()]);
    return { ok: true, value: { plaintext, generation: generationId(ckaId) } };
  } catch {
    return null; // node:crypto throws where the tag does not fit
  }
}
