import type { KeySpec, Purpose } from './spec';

/** PKCS#11 object classes Keyrite handles. */
export type KeyClass = 'secret' | 'public' | 'private';

/**
 * One attribute as plan, screen, transcript and report name it. Values: a boolean; CKA_CLASS, CKA_KEY_TYPE and
 * CKA_KEY_GEN_MECHANISM by their CKO, CKK, CKM names; other numbers as decimal text; bytes as lower-case hex; labels as text;
 * CKA_ALLOWED_MECHANISMS as a sorted list of CKM names. A number without a name is `0x` and lower-case hex.
 */
export interface AttributeRow {
  readonly name: `CKA_${string}`;
  readonly value: boolean | string | readonly string[];
}

/** An attribute the policy wants and this module cannot hold: left out of the request, and said so wherever the plan is shown. */
export interface UnprovableRow {
  readonly name: `CKA_${string}`;
  readonly value: AttributeRow['value'];
  readonly reason: string;
}

/** One object to be made, and what reading it back must give (`expected` holds `wanted` and what only the token can set, e.g. CKA_LOCAL). */
export interface ObjectTemplate {
  readonly class: KeyClass;
  readonly wanted: readonly AttributeRow[];
  readonly expected: readonly AttributeRow[];
  /** Empty for a module that has every attribute of the policy. Part of what officers approve. */
  readonly unprovable: readonly UnprovableRow[];
}

/** Everything the token will be asked for. Officers approve the SHA-256 of its JCS form, so nothing in it is left to a default. */
export interface KeyPlan {
  readonly format: 'keyrite-key-plan-1';
  readonly tokenSerial: string;
  readonly purpose: Purpose;
  readonly keySpec: KeySpec;
  /** 16 bytes from the token's own RNG, as hex; also how a half-done generation is found again. */
  readonly ckaId: string;
  readonly label: string;
  /**
   * CKA_ID of the key whose label this one takes over: the next generation of an external key, whose label is its XksKeyId. Absent
   * for every other key, whose label must be free.
   */
  readonly follows?: string;
  /** The generating mechanism, e.g. CKM_AES_KEY_GEN. */
  readonly mechanism: string;
  readonly objects: readonly ObjectTemplate[];
}
