import { decryptOnce, encryptOnce, gcmMechanism, type Library, type ObjectHandle } from '../../../core/pkcs11/data-session';
import { numberOf } from '../../../core/pkcs11/names';
import { IV_BYTES, TAG_BYTES } from '../../../core/xks/wire';
import type { Settings } from '../../settings/settings';
import { DRAWN_IV_BYTES, isZero } from './iv-source';
import { WrongAnswer } from './wrong-answer';

/** What one encryption gave. The parts lie in memory that the next operation uses again. */
export interface Sealed {
  readonly ciphertext: Buffer;
  readonly iv: Buffer;
  readonly tag: Buffer;
}

/** AES-256-GCM on the token, whoever makes the IVs. */
export interface Gcm {
  /** @throws WrongAnswer; what the token says instead of CKR_OK */
  readonly seal: (session: ObjectHandle, key: ObjectHandle, plaintext: Buffer, aad: Buffer) => Sealed;
  /** The plaintext lies in memory that the next operation uses again. Throws as `seal`. */
  readonly open: (session: ObjectHandle, key: ObjectHandle, sealed: Sealed, aad: Buffer) => Buffer;
  /** Overwrites what the last operations left behind. */
  readonly wipe: () => void;
}

const NO_IV = Buffer.alloc(0);
const LONGEST_IV = Math.max(...IV_BYTES);

/** Memory for results that grows when it has to: a size query would cost a call to the HSM per operation. */
class Room {
  #bytes = Buffer.alloc(8192);
  #used = 0;

  take(length: number): Buffer {
    if (this.#bytes.length < length) {
      this.wipe();
      this.#bytes = Buffer.alloc(length * 2);
    }
    this.#used = Math.max(this.#used, length);
    return this.#bytes;
  }

  wipe(): void {
    this.#bytes.fill(0, 0, this.#used);
    this.#used = 0;
  }
}

function split(out: Buffer, plaintextBytes: number, ivBytes: number, ivComes: 'first' | 'last' | 'apart', given: Buffer): Sealed {
  const data = ivComes === 'first' ? out.subarray(ivBytes) : out;
  const ciphertext = data.subarray(0, plaintextBytes);
  const tag = data.subarray(plaintextBytes, plaintextBytes + TAG_BYTES);
  const iv = ivComes === 'first' ? out.subarray(0, ivBytes) : data.subarray(plaintextBytes + TAG_BYTES);
  return { ciphertext, tag, iv: ivComes === 'apart' ? given : iv };
}

/** A length that does not fit means that the parts cannot be told apart: a module that wrote nothing reports all the room it was given. */
function ivBytesIn(out: Buffer, plaintextBytes: number, isApart: boolean): number {
  const ivBytes = out.length - plaintextBytes - TAG_BYTES;
  if (isApart && ivBytes !== 0) throw new WrongAnswer('length', `The token answered ${out.length} bytes to ${plaintextBytes}.`);
  if (!isApart && !IV_BYTES.includes(ivBytes)) throw new WrongAnswer('ivLength', `The token made an IV of ${ivBytes} bytes.`);
  return ivBytes;
}

/**
 * @param mechanism a CKM_ name
 * @param nextIv for `iv` caller
 */
export function makeGcm(api: Library, iv: Settings['hsm']['iv'], mechanism: string, nextIv: () => Buffer): Gcm {
  const type = numberOf(mechanism);
  const sealRoom = new Room();
  const openRoom = new Room();
  const joinRoom = new Room();
  const isApart = iv === 'caller' || iv === 'hidden';
  const comes = iv === 'prepended' ? 'first' : iv === 'appended' ? 'last' : 'apart';
  let last = NO_IV;

  /** An IV the token made: there, not zero (a module that ignores us leaves the zeros), and not the one before. */
  function checkMade(made: Buffer): void {
    if (isZero(made)) throw new WrongAnswer('ivMissing', 'The token made no IV.');
    if (made.equals(last)) throw new WrongAnswer('ivRepeats', 'The token made the same IV twice.');
    last = Buffer.from(made);
  }

  function givenIv(): Buffer {
    if (iv === 'caller') return nextIv();
    return iv === 'hidden' ? Buffer.alloc(DRAWN_IV_BYTES) : NO_IV;
  }

  function seal(session: ObjectHandle, key: ObjectHandle, plaintext: Buffer, aad: Buffer): Sealed {
    const given = givenIv();
    const room = sealRoom.take(plaintext.length + TAG_BYTES + LONGEST_IV);
    const out = encryptOnce(api, session, gcmMechanism(type, given, aad), key, plaintext, room);
    const sealed = split(out, plaintext.length, ivBytesIn(out, plaintext.length, isApart), comes, given);
    if (iv !== 'caller') checkMade(sealed.iv);
    return sealed;
  }

  function joined(parts: readonly Buffer[]): Buffer {
    const length = parts.reduce((total, part) => total + part.length, 0);
    const room = joinRoom.take(length);
    let at = 0;
    for (const part of parts) at += part.copy(room, at);
    return room.subarray(0, length);
  }

  function open(session: ObjectHandle, key: ObjectHandle, { ciphertext, tag, iv: used }: Sealed, aad: Buffer): Buffer {
    const isFirst = iv === 'prepended' && used.length === DRAWN_IV_BYTES;
    const input = joined(isFirst ? [used, ciphertext, tag] : [ciphertext, tag]);
    const room = openRoom.take(input.length);
    const plaintext = decryptOnce(api, session, gcmMechanism(type, isFirst ? NO_IV : used, aad), key, input, room);
    if (plaintext.length !== ciphertext.length)
      throw new WrongAnswer('length', `The token answered ${plaintext.length} bytes to ${ciphertext.length}.`);
    return plaintext;
  }

  return {
    seal,
    open,
    wipe: () => {
      for (const room of [sealRoom, openRoom, joinRoom]) room.wipe();
    },
  };
}
