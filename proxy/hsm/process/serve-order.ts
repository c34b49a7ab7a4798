import { dataKeys } from '../../../core/pkcs11/data-keys';
import { isNothingDone, scopeOf } from '../../../core/pkcs11/data-scope';
import {
  fillRandom,
  isTokenThere,
  isUserSession,
  openDataSession,
  type Library,
  type ObjectHandle,
} from '../../../core/pkcs11/data-session';
import { returnName } from '../../../core/pkcs11/return-value';
import type { Settings } from '../../settings/settings';
import type { Frame } from '../frame';
import {
  doneFrame,
  faultFrame,
  fieldOf,
  ORDER,
  readDecrypt,
  readEncrypt,
  setTook,
  stoppedFrame,
  type Fault,
} from '../order-frame';
import { isUnclear, verdictOf } from '../verdict';
import { decryptOrder, encryptOrder } from './crypto-orders';
import { actOf, faultOf, LoginLost, sickFault, Unproven } from './faults';
import { Stopped } from './flags';
import { firstUses } from './first-uses';
import { makeGcm } from './gcm';
import { ivSource } from './iv-source';
import { prove, type Proof } from './proof';
import { writeKeys } from './write-keys';

export interface ServeParts {
  readonly api: Library;
  readonly slot: ObjectHandle;
  readonly serial: string;
  readonly iv: Settings['hsm']['iv'];
  /** a CKM_ name */
  readonly mechanism: string;
}

/** The token's part of one thread: a session, its IVs, and what to do when it fails. */
export interface OrderServer {
  /** The answer to an order. */
  readonly serve: (order: Frame) => Buffer;
  /** Overwrites plaintexts that the last order left in memory. */
  readonly wipe: () => void;
}

const NO_HANDLE = Buffer.alloc(0);

/** The health key's handle that came with an order; empty where there is none. */
function healthIn(order: Frame): ObjectHandle {
  if (order.kind === ORDER.encrypt) return fieldOf(order, 2);
  return order.kind === ORDER.decrypt ? fieldOf(order, 1) : NO_HANDLE;
}

/** @throws Error when the library refuses a session */
export function serveOrders({ api, slot, serial, iv, mechanism }: ServeParts): OrderServer {
  const session = openDataSession(api, slot);
  const gcm = makeGcm(
    api,
    iv,
    mechanism,
    ivSource((bytes) => fillRandom(api, session.handle(), bytes)),
  );
  const uses = firstUses();
  const token = { api, slot, serial, gcm };

  function find(order: Frame): readonly Buffer[] {
    const keys = dataKeys(api, session.handle(), fieldOf(order, 0).toString('utf8'));
    // Without a login, or a token, a search finds nothing and says CKR_OK: that is not a key that does not exist.
    if (keys.length === 0 && !(isTokenThere(api, slot, serial) && isUserSession(api, session.handle()))) throw new LoginLost();
    return [writeKeys(keys)];
  }

  function probe(order: Frame): readonly Buffer[] {
    const proof = prove(token, session.handle(), fieldOf(order, 0));
    if (proof.by === 'nothing') throw new Unproven(proof.reason, proof.isKeyGone);
    return [Buffer.from(proof.by)];
  }

  function run(order: Frame): readonly Buffer[] {
    switch (order.kind) {
      case ORDER.open:
        return [];
      case ORDER.find:
        return find(order);
      case ORDER.encrypt:
        return encryptOrder(gcm, session.handle(), readEncrypt(order), uses);
      case ORDER.decrypt:
        return decryptOrder(gcm, session.handle(), readDecrypt(order));
      case ORDER.probe:
        return probe(order);
      default:
        throw new Error(`There is no order ${order.kind}.`);
    }
  }

  /** Another session in place of one that is gone or stuck. @throws LoginLost when nobody is logged in there */
  function renewSession(): void {
    session.reopen();
    if (!isUserSession(api, session.handle())) throw new LoginLost();
  }

  /** Runs an order; once more in another session when the session was at fault and surely nothing was done. */
  function runTwice(order: Frame): readonly Buffer[] {
    try {
      return run(order);
    } catch (error) {
      const name = returnName(error);
      if (name === null || scopeOf(name) !== 'session') throw error;
      renewSession();
      if (!isNothingDone(name)) throw error;
      return run(order);
    }
  }

  /** The proof in this session, and in another when it fails: a stuck session is not a sick token. */
  function proveWell(health: ObjectHandle): Proof {
    const first = prove(token, session.handle(), health);
    if (first.by !== 'nothing') return first;
    renewSession();
    return prove(token, session.handle(), first.isKeyGone ? NO_HANDLE : health);
  }

  /** An answer that modules give to bad input and when they are sick: the token is proven before anybody is blamed. */
  function lookInto(name: string, order: Frame): Fault {
    const proof = proveWell(healthIn(order));
    const isSick = proof.by === 'nothing';
    const failure = verdictOf(name, actOf(order.kind), isSick);
    const weaker = proof.by === 'session' ? ' Without a health key the token was only asked whether it still answers.' : '';
    const message = failure.message + weaker;
    return { failure: { ...failure, message }, isDevice: isSick, mayRepeat: false, forgetsKey: false };
  }

  function faultFor(error: unknown, order: Frame): Fault {
    const name = returnName(error);
    return name !== null && isUnclear(name) ? lookInto(name, order) : faultOf(error, order.kind);
  }

  function failed(error: unknown, order: Frame): Buffer {
    if (error instanceof Stopped) return stoppedFrame(order.id);
    try {
      return faultFrame(order.id, faultFor(error, order));
    } catch (worse) {
      return worse instanceof Stopped ? stoppedFrame(order.id) : faultFrame(order.id, sickFault(worse, order.kind));
    }
  }

  function answer(order: Frame): Buffer {
    try {
      return doneFrame(order.id, runTwice(order));
    } catch (error) {
      return failed(error, order);
    }
  }

  function serve(order: Frame): Buffer {
    const began = performance.now();
    const frame = answer(order);
    setTook(frame, Math.round((performance.now() - began) * 1000));
    return frame;
  }

  return { serve, wipe: () => gcm.wipe() };
}
