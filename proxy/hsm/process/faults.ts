import { scopeOf } from '../../../core/pkcs11/data-scope';
import { returnName } from '../../../core/pkcs11/return-value';
import { ORDER, type Fault } from '../order-frame';
import { verdictOf, type Act } from '../verdict';
import { WrongAnswer } from './wrong-answer';

/** Nobody is logged in, or the token is gone: whatever this process has open is of no use. */
export class LoginLost extends Error {}

/** A proof that was asked for failed. */
export class Unproven extends Error {
  readonly reason: string;
  readonly isKeyGone: boolean;

  constructor(reason: string, isKeyGone: boolean) {
    super(reason);
    this.reason = reason;
    this.isKeyGone = isKeyGone;
  }
}

const ACTS: Readonly<Record<number, Act>> = { [ORDER.encrypt]: 'encrypt', [ORDER.decrypt]: 'decrypt' };

export function actOf(kind: number): Act {
  return ACTS[kind] ?? 'other';
}

function internal(reason: string, message: string, marks: Partial<Fault>): Fault {
  const failure = { name: 'InternalException', reason, message } as const;
  return { failure, isDevice: false, mayRepeat: false, forgetsKey: false, ...marks };
}

function ofReturn(name: string, kind: number): Fault {
  const scope = scopeOf(name);
  const isKey = scope === 'key';
  const isDevice = scope === 'device';
  return { failure: verdictOf(name, actOf(kind), isDevice), isDevice, mayRepeat: isKey, forgetsKey: isKey };
}

function unproven({ reason, isKeyGone }: Unproven): Fault {
  const marks = { isDevice: !isKeyGone, mayRepeat: isKeyGone, forgetsKey: isKeyGone };
  return internal(reason, `The proof with the health key failed (${reason}).`, marks);
}

/** The fault of an order of this kind that failed with `error`, where nothing has to be looked into. */
export function faultOf(error: unknown, kind: number): Fault {
  const isDevice = true;
  if (error instanceof LoginLost) return internal('CKR_USER_NOT_LOGGED_IN', 'The login to the token was lost.', { isDevice });
  if (error instanceof Unproven) return unproven(error);
  if (error instanceof WrongAnswer)
    // A plaintext that came back changed is an accident of one operation; the others say that the module is not what it should be.
    return internal(error.reason, error.message, { isDevice: error.reason !== 'cdivMismatch' });
  const name = returnName(error);
  // A bug of ours or of the binding: nobody knows what state the session is in.
  return name === null ? internal('fault', 'The HSM process failed.', { isDevice }) : ofReturn(name, kind);
}

/** The fault where looking into an unclear answer failed: the token is sick, and what it said first matters less. */
export function sickFault(error: unknown, kind: number): Fault {
  return { ...faultOf(error, kind), isDevice: true, mayRepeat: false, forgetsKey: false };
}
