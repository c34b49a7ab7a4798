import { XKS_STATUS, type XksErrorName, type XksFailure } from '../../core/xks/errors';
import type { Framing } from '../../core/xks/aad';
import { encodeFrame, FrameError, WORD_AT, type Frame } from './frame';

/** What a thread is asked to do. `open` comes first. */
export const ORDER = { open: 1, find: 2, encrypt: 3, decrypt: 4, probe: 5 } as const;

export type OrderKind = (typeof ORDER)[keyof typeof ORDER];

/** What a thread answers. `stopped`: a kill or a block came between two calls; nothing of the order is of use. */
export const ANSWER = { done: 0x80, failed: 0x81, stopped: 0x82 } as const;

/** Flags of orders. */
const HAS_AAD = 1;
const WANTS_CDIV = 2;

/** Flags of failed answers, see `Fault`. */
const FLAG = { device: 1, again: 2, forget: 4 } as const;

const NONE = Buffer.alloc(0);

export interface EncryptFields {
  readonly handle: Buffer;
  readonly metadata: Uint8Array;
  /** of the health key; empty: there is none */
  readonly health: Buffer;
  readonly plaintext: Uint8Array;
  readonly aad: Uint8Array | null;
  readonly wantsCdiv: boolean;
}

export interface DecryptFields {
  readonly handle: Buffer;
  readonly health: Buffer;
  /** at least one, in order of trial */
  readonly framings: readonly Framing[];
  readonly metadata: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly aad: Uint8Array | null;
}

const FRAMINGS: readonly Framing[] = ['spec', 'sample'];

/** A field that must be there; its absence is a bug on the other side. */
export function fieldOf(frame: Frame, index: number): Buffer {
  const field = frame.fields[index];
  if (field === undefined) throw new FrameError(`Field ${index} is missing.`);
  return field;
}

const aadOf = (frame: Frame, index: number): Buffer | null => ((frame.flags & HAS_AAD) === 0 ? null : fieldOf(frame, index));

export function encryptFrame(id: number, epoch: number, order: EncryptFields): Buffer {
  const flags = (order.aad === null ? 0 : HAS_AAD) | (order.wantsCdiv ? WANTS_CDIV : 0);
  const { handle, metadata, health, plaintext, aad } = order;
  return encodeFrame({ kind: ORDER.encrypt, flags, id, word: epoch }, [handle, metadata, health, plaintext, aad ?? NONE]);
}

export function readEncrypt(frame: Frame): EncryptFields & { readonly plaintext: Buffer } {
  return {
    handle: fieldOf(frame, 0),
    metadata: fieldOf(frame, 1),
    health: fieldOf(frame, 2),
    plaintext: fieldOf(frame, 3),
    aad: aadOf(frame, 4),
    wantsCdiv: (frame.flags & WANTS_CDIV) !== 0,
  };
}

export function decryptFrame(id: number, epoch: number, order: DecryptFields): Buffer {
  const { handle, health, metadata, ciphertext, iv, tag, aad } = order;
  const framings = Uint8Array.from(order.framings, (framing) => FRAMINGS.indexOf(framing));
  const flags = aad === null ? 0 : HAS_AAD;
  const fields = [handle, health, framings, metadata, ciphertext, iv, tag, aad ?? NONE];
  return encodeFrame({ kind: ORDER.decrypt, flags, id, word: epoch }, fields);
}

export function readDecrypt(frame: Frame): DecryptFields {
  return {
    handle: fieldOf(frame, 0),
    health: fieldOf(frame, 1),
    framings: [...fieldOf(frame, 2)].map((index) => FRAMINGS[index] ?? 'spec'),
    metadata: fieldOf(frame, 3),
    ciphertext: fieldOf(frame, 4),
    iv: fieldOf(frame, 5),
    tag: fieldOf(frame, 6),
    aad: aadOf(frame, 7),
  };
}

/** An order with one field: `find` (the label), `probe` (handle of the health key, empty for none), `open` (none). */
export function plainFrame(kind: OrderKind, id: number, epoch: number, field: Uint8Array = NONE): Buffer {
  return encodeFrame({ kind, flags: 0, id, word: epoch }, [field]);
}

export function doneFrame(id: number, fields: readonly Uint8Array[]): Buffer {
  return encodeFrame({ kind: ANSWER.done, flags: 0, id, word: 0 }, fields);
}

export function stoppedFrame(id: number): Buffer {
  return encodeFrame({ kind: ANSWER.stopped, flags: 0, id, word: 0 }, []);
}

/** Writes into a finished answer how long it took, in microseconds. */
export function setTook(answer: Buffer, tookUs: number): void {
  answer.writeUInt32BE(Math.min(tookUs, 0xffffffff), WORD_AT);
}

/** A failed order: what the client hears, and what it means for the process. */
export interface Fault {
  readonly failure: XksFailure;
  /** nothing this process has open can be relied on */
  readonly isDevice: boolean;
  /** surely nothing was done: may be done again */
  readonly mayRepeat: boolean;
  /** a handle was none any more: find the key again */
  readonly forgetsKey: boolean;
}

export function faultFrame(id: number, fault: Fault): Buffer {
  const { name, reason, message } = fault.failure;
  const flags = (fault.isDevice ? FLAG.device : 0) | (fault.mayRepeat ? FLAG.again : 0) | (fault.forgetsKey ? FLAG.forget : 0);
  const texts = [name, reason, message].map((text) => Buffer.from(text, 'utf8'));
  return encodeFrame({ kind: ANSWER.failed, flags, id, word: 0 }, texts);
}

function isErrorName(text: string): text is XksErrorName {
  return Object.hasOwn(XKS_STATUS, text);
}

/** @throws FrameError for a name that is none */
export function readFault(frame: Frame): Fault {
  const name = fieldOf(frame, 0).toString('utf8');
  if (!isErrorName(name)) throw new FrameError('A failure without its name.');
  const reason = fieldOf(frame, 1).toString('utf8').slice(0, 100);
  const message = fieldOf(frame, 2).toString('utf8').slice(0, 500);
  return {
    failure: { name, reason, message },
    isDevice: (frame.flags & FLAG.device) !== 0,
    mayRepeat: (frame.flags & FLAG.again) !== 0,
    forgetsKey: (frame.flags & FLAG.forget) !== 0,
  };
}
