import { readSync, writeSync } from 'node:fs';
import { guardedLibrary } from '../../../core/pkcs11/guarded-calls';
import { FrameReader, type Frame } from '../frame';
import { faultFrame, fieldOf, ORDER, stoppedFrame } from '../order-frame';
import { faultOf } from './faults';
import { makeFlags, Stopped } from './flags';
import type { ThreadData } from './messages';
import { serveOrders, type OrderServer } from './serve-order';

const CHUNK_BYTES = 65_536;

/** The process ends at once: no library may run without the proxy that answers for it, and C_Finalize hangs in some of them. */
export function endProcess(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** Reads until the other end is closed, which only happens when the proxy is gone. */
function readAll(fd: number, onChunk: (chunk: Buffer) => void): void {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  try {
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) onChunk(chunk.subarray(0, read));
  } finally {
    endProcess();
  }
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; at += writeSync(fd, bytes, at));
}

/** Orders come in and answers go out over the thread's own socket, one after the other, without an event loop in between. */
function work({ fd, module, iv, mechanism, flags }: ThreadData): void {
  const { check } = makeFlags(flags);
  const reader = new FrameReader();
  let epoch = 0;
  let server: OrderServer | null = null;

  function open(order: Frame): void {
    const api = guardedLibrary(module, () => check(epoch));
    const [slot, serial] = [fieldOf(order, 0), fieldOf(order, 1).toString('utf8')];
    server = serveOrders({ api, slot: Buffer.from(slot), serial, iv, mechanism });
  }

  function answer(order: Frame): Buffer {
    epoch = order.word;
    try {
      if (order.kind === ORDER.open) open(order);
      if (server === null) throw new Error('An order before the session was opened.');
      return server.serve(order);
    } catch (error) {
      return error instanceof Stopped ? stoppedFrame(order.id) : faultFrame(order.id, faultOf(error, order.kind));
    }
  }

  function answered(order: Frame): Buffer {
    const bytes = answer(order);
    server?.wipe();
    return bytes;
  }

  // Orders that came together are quick ones, and answered together: each write wakes the proxy.
  readAll(fd, (chunk) => {
    const answers = reader.push(chunk).map(answered);
    const bytes = answers.length === 1 && answers[0] ? answers[0] : Buffer.concat(answers);
    writeAll(fd, bytes);
    for (const written of [...answers, bytes]) written.fill(0);
  });
}

export function runThread(data: ThreadData): void {
  // A thread of its own, because all the others may hang in the library.
  if (data.isLifeline) readAll(data.fd, () => undefined);
  else work(data);
}
