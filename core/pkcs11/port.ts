import type { Result } from '../contract/result';
import type { KeysReport } from '../contract/values';
import type { PinState, TokenReport, TokenSummary } from '../contract/token-values';
import type { Check } from '../keys/evidence';
import type { InventoryEntry } from '../keys/inventory';
import type { AttributeRow, KeyClass, KeyPlan } from '../keys/template';
import type { KeySpec, Purpose } from '../keys/spec';
import type { Wrapping, WrappingAlgorithm } from '../keys/wrapping';

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

/** A key wrapped for KMS, and how it was done; no secret in it. */
export interface WrappedKey {
  /** EncryptedKeyMaterial of ImportKeyMaterial, of exactly the length its algorithm gives */
  readonly blob: Uint8Array;
  /** one mechanism, or two joined by ` and ` for the composite */
  readonly mechanism: string;
  /** hash, mask and label in words, e.g. `hash SHA-256, MGF1 with SHA-256, empty label` */
  readonly parameters: string;
  /** of the wrapping key as the token holds it, to be held against the bundle */
  readonly spkiSha256: string;
  readonly tookMs: number;
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
  plan(request: {
    purpose: Purpose;
    keySpec: KeySpec;
    label: string;
    ckaId: string;
    /** CKA_ID of the key whose label it takes over; only for purpose xks */
    follows?: string;
  }): Promise<Result<KeyPlan>>;
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
  /**
   * Makes the public key of KMS on the token under the security officer's login: it wraps, it is trusted, it does nothing else. Where
   * the algorithm takes two steps, makes the AES key of the first step beside it, under the same CKA_ID and label (docs/decisions on
   * wrapping). Answers every attribute as read back; a row that is not ok means that nobody may wrap with it.
   * Errors: key.wrappingKeyInvalid; key.duplicate; token.notLoggedIn for a crypto officer; token.unsupported.
   */
  importWrappingKey(request: {
    /** SubjectPublicKeyInfo as KMS gave it, DER */
    spki: Uint8Array;
    /** of the new object; not the target's */
    ckaId: string;
    label: string;
    algorithm: WrappingAlgorithm;
  }): Promise<Result<{ readonly rows: AttributeReading['rows'] }>>;
  /**
   * C_WrapKey of the planned key under an imported wrapping key, after a look that the wrapping key is one, is trusted and has the
   * size that was agreed. Errors: policy.wrappingIllegal; token.wrapDefect where the profile knows that this module would wrap
   * something else; key.notFound, key.duplicate, key.attributeDiffers of either key; key.blobLength; what the token says.
   */
  wrapKey(request: { plan: KeyPlan; wrappingKey: { readonly ckaId: string }; wrapping: Wrapping }): Promise<Result<WrappedKey>>;
  /**
   * Pre-flight: wraps a throw-away key of the same kind under an RSA key whose private half is in the token child, unwraps it there and
   * proves that it is the same key. Leaves nothing behind. Checks CER-TRIAL-WRAP, CER-WRAP-LENGTH, CER-WRAP-FORMAT, CER-WRAP-SAME-KEY,
   * CER-WRAP-DEFECT. Errors: policy.wrappingIllegal; what the token says of making the throw-away key.
   */
  trialWrap(request: { keySpec: KeySpec; wrapping: Wrapping }): Promise<Result<readonly Check[]>>;
  /**
   * A crypto officer must be able neither to make a trusted wrapping key (CER-TRUSTED-SO-ONLY) nor to wrap this key under one that is
   * not trusted (CER-WRAP-UNTRUSTED-REFUSED); each after a control that shows that it would work otherwise.
   */
  refusesUntrusted(plan: KeyPlan): Promise<Result<readonly Check[]>>;
  /** C_Sign with a planned HMAC key, to be held against GenerateMac of KMS. Errors: input.invalid for another kind of key. */
  mac(request: { plan: KeyPlan; message: Uint8Array }): Promise<Result<{ readonly mac: Uint8Array; readonly mechanism: string }>>;
  /** C_DestroyObject on every object with this CKA_ID and label. The security officer may destroy imported wrapping keys only. */
  destroy(request: { ckaId: string; label: string }): Promise<Result<{ readonly destroyed: number }>>;
  /** Logs out, closes sessions. The module stays loaded (C_Finalize hangs in some vendor libraries). */
  close(): Promise<Result<null>>;
}
