import type { Handle, PKCS11 } from 'pkcs11js';
import type { AttributeRow } from '../keys/template';
import { encodeAttribute, ulongBytesOf } from './attribute-codec';
import { plain } from './mechanism';
import { numberOf } from './names';
import { refusalOf } from './refusal';

/** Session keys for one test: destroyed after it, and gone with the session at the latest. */
export interface ThrowAwayKeys {
  readonly wrapper: Handle;
  readonly control: Handle;
}

/** A wrapped RSA-4096 private key is about 2.4 kB. */
const WRAPPED_ROOM = 8192;

function template(extractable: boolean): readonly AttributeRow[] {
  return [
    { name: 'CKA_CLASS', value: 'CKO_SECRET_KEY' },
    { name: 'CKA_KEY_TYPE', value: 'CKK_AES' },
    { name: 'CKA_TOKEN', value: false },
    { name: 'CKA_PRIVATE', value: true },
    { name: 'CKA_LABEL', value: 'keyrite-throw-away' },
    { name: 'CKA_VALUE_LEN', value: '32' },
    { name: 'CKA_SENSITIVE', value: true },
    { name: 'CKA_EXTRACTABLE', value: extractable },
    { name: 'CKA_WRAP', value: !extractable },
    { name: 'CKA_UNWRAP', value: false },
    { name: 'CKA_ENCRYPT', value: false },
    { name: 'CKA_DECRYPT', value: false },
  ];
}

function make(api: PKCS11, session: Handle, extractable: boolean): Handle {
  const rows = template(extractable).map((row) => encodeAttribute(row, ulongBytesOf(session)));
  return api.C_GenerateKey(session, { mechanism: numberOf('CKM_AES_KEY_GEN') }, rows);
}

/** Runs `act` with an AES-256 wrapping key that nobody marked trusted, and an extractable AES-256 key for it to wrap. */
export function withThrowAwayKeys<T>(api: PKCS11, session: Handle, act: (keys: ThrowAwayKeys) => T): T {
  const wrapper = make(api, session, false);
  try {
    const control = make(api, session, true);
    try {
      return act({ wrapper, control });
    } finally {
      api.C_DestroyObject(session, control);
    }
  } finally {
    api.C_DestroyObject(session, wrapper);
  }
}

/** C_WrapKey; the wrapped bytes are overwritten at once, nobody needs them. */
export function wrap(api: PKCS11, session: Handle, mechanism: string, wrapper: Handle, key: Handle): void {
  const room = Buffer.alloc(WRAPPED_ROOM);
  try {
    api.C_WrapKey(session, plain(mechanism), wrapper, key, room);
  } finally {
    room.fill(0);
  }
}

/** Null when the wrapper wraps the control key, else the return value that says why it does not. */
export function controlWrap(api: PKCS11, session: Handle, mechanism: string, { wrapper, control }: ThrowAwayKeys): string | null {
  return refusalOf(() => wrap(api, session, mechanism, wrapper, control));
}
