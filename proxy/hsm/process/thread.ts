import { readSync, writeSync } from 'node:fs';
import { parentPort, type MessagePort } from 'node:worker_threads';
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

/** Serves what comes in chunks of any length; answers in one buffer, which is the caller's to overwrite. */
function openOffice({ module, iv, mechanism, flags }: ThreadData): (chunk: Buffer) => Buffer {
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
  return (chunk) => {
    const answers = reader.push(chunk).map(answered);
    if (answers.length === 1 && answers[0]) return answers[0];
    const bytes = Buffer.concat(answers);
    for (const written of answers) written.fill(0);
    return bytes;
  };
}

/** Orders come in and answers go out over the thread's own socket, one after the other, without an event loop in between. */
function workOverSocket(fd: number, data: ThreadData): void {
  const serve = openOffice(data);
  readAll(fd, (chunk) => {
    const bytes = serve(chunk);
    writeAll(fd, bytes);
    bytes.fill(0);
  });
}

/** The same over messages of the process's main thread, where a process has no sockets to inherit. */
function workOverMessages(port: MessagePort, data: ThreadData): void {
  const serve = openOffice(data);
  port.on('message', (chunk: Uint8Array) => {
    const bytes = serve(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    // A copy of its own, which is moved and not copied once more: small buffers share memory with others.
    const moved = new Uint8Array(bytes);
    bytes.fill(0);
    chunk.fill(0);
    port.postMessage(moved, [moved.buffer]);
  });
}

export function runThread(data: ThreadData): void {
  // A thread of its own, because all the others may hang in the library.
  if (data.isLifeline) readAll(data.fd ?? 0, () => undefined);
  else if (data.fd !== null) workOverSocket(data.fd, data);
  else if (parentPort !== null) workOverMessages(parentPort, data);
}
