import type { Result } from '../contract/result';
import type { KeysReport } from '../contract/values';
import type { PinState, TokenReport, TokenSummary } from '../contract/token-values';
import type { Check } from '../keys/evidence';
import type { InventoryEntry } from '../keys/inventory';
import type { AttributeRow, KeyClass, KeyPlan } from '../keys/template';
import type { KeySpec, Purpose } from '../keys/spec';

/** Which token: its module, the profile that knows the module, and the token's serial and label. Never a slot index. */
export interface TokenAddress {
  readonly modulePath: string;
  /** A profile id of `resources/profiles`, e.g. `softhsm`. */
  readonly profile: string;
  readonly serial: string;
  /** '' where the token is still blank. */
  readonly label: string;
}

export interface OpenReport {
  readonly token: TokenReport;
  readonly mechanisms: readonly {
    readonly name: string;
    readonly minBits: number;
    readonly maxBits: number;
    readonly flags: readonly string[];
  }[];
}

export interface AttributeReading {
  readonly class: KeyClass;
  /**
   * A row the profile says the module cannot hold has `wanted` "not asked" and `got` "not provable: <reason>", and is ok: it is what
   * the officers approved. Any other row is ok only when the token answered with exactly the wanted value.
   */
  readonly rows: readonly {
    readonly name: string;
    readonly wanted: AttributeRow['value'];
    readonly got: AttributeRow['value'] | null;
    readonly ok: boolean;
  }[];
}

export interface CheckValue {
  /** Always shown with the value: a key of CHECK_VALUE_METHODS in core/keys/check-value. */
  readonly method: string;
  readonly value: string;
}

/**
 * What the rest of the house may ask of a token. Implemented in the token child over PKCS#11; the same interface is what
 * `token-client` offers on this side of the process border. Every call answers a value; only bugs throw.
 */
export interface TokenPort {
  /** All tokens a module offers. */
  list(request: { modulePath: string; profile: string }): Promise<Result<readonly TokenSummary[]>>;
  /** Loads the module, finds exactly one token by serial and label, opens a read-write session. Repeating it is harmless and keeps the login. */
  open(address: TokenAddress): Promise<Result<OpenReport>>;
  /**
   * C_Login. `pin` null: the token asks for it itself (protected authentication path). Tried exactly once, and never when the PIN is
   * locked. The bytes given are overwritten. A refused PIN's failure carries `pinState` in its detail.
   */
  login(request: { user: 'user' | 'so'; pin: Uint8Array | null }): Promise<Result<{ readonly pinState: PinState }>>;
  logout(): Promise<Result<null>>;
  /** C_InitToken: ERASES the token. Answers the fresh report (the serial of some tokens changes). */
  initialise(request: { serial: string; label: string; soPin: Uint8Array | null }): Promise<Result<TokenReport>>;
  /** C_InitPIN under the SO login. */
  setUserPin(request: { pin: Uint8Array | null }): Promise<Result<null>>;
  /** C_GenerateRandom: `bytes` random bytes as hex. */
  random(request: { bytes: number }): Promise<Result<string>>;
  inventory(): Promise<Result<readonly InventoryEntry[]>>;
  /** Every object with all its readable attributes measured against the nearest purpose policy. Changes nothing; needs a user login. */
  audit(): Promise<Result<KeysReport['keys']>>;
  /** Is the plan possible here? Mechanisms with flags and sizes, label length, label and id free. Makes nothing. */
  preflight(request: {
    purpose: Purpose;
    keySpec: KeySpec;
    label: string;
    ckaId: string | null;
  }): Promise<Result<readonly Check[]>>;
  /** The plan for a key on this token: attribute policy of the purpose, shaped to the profile's quirks. */
  plan(request: { purpose: Purpose; keySpec: KeySpec; label: string; ckaId: string }): Promise<Result<KeyPlan>>;
  /** C_GenerateKey or C_GenerateKeyPair. Never repeated by itself. */
  generate(plan: KeyPlan): Promise<Result<{ readonly mechanism: string; readonly tookMs: number }>>;
  /** Objects with this CKA_ID, by class; more than one of a class is what recovery must see. */
  find(request: { ckaId: string }): Promise<Result<readonly { readonly class: string; readonly label: string }[]>>;
  readBack(plan: KeyPlan): Promise<Result<readonly AttributeReading[]>>;
  /** The same in a new session of its own. */
  readBackInSecondSession(plan: KeyPlan): Promise<Result<readonly AttributeReading[]>>;
  /** Acts the key must refuse. Every refusal is a check that is ok; an act that succeeds is a check that is not. */
  negativeTests(plan: KeyPlan): Promise<Result<readonly Check[]>>;
  checkValue(plan: KeyPlan): Promise<Result<CheckValue>>;
  /** SubjectPublicKeyInfo DER of a key pair; null for a secret key. */
  publicKey(plan: KeyPlan): Promise<Result<Uint8Array | null>>;
  /** Uses the key once, on a random challenge, and undoes it (encrypt/decrypt, sign/verify). */
  functionalTest(
    plan: KeyPlan,
  ): Promise<Result<{ readonly method: string; readonly challengeSha256: string; readonly ok: boolean }>>;
  /** C_DestroyObject on every object with this CKA_ID and label. */
  destroy(request: { ckaId: string; label: string }): Promise<Result<{ readonly destroyed: number }>>;
  /** Logs out, closes sessions. The module stays loaded (C_Finalize hangs in some vendor libraries). */
  close(): Promise<Result<null>>;
}
