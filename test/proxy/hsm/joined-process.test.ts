import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { encodeFrame, type Frame } from '../../../proxy/hsm/frame';
import { joinedHsmProcess } from '../../../proxy/hsm/joined-process';
import type { JoinPort } from '../../../proxy/hsm/process/upstairs';
import { utilityParent } from '../../../proxy/run/parent';

/** One end of a channel of the app: what was posted comes out here. */
class Port extends EventEmitter {
  readonly posted: unknown[] = [];
  postMessage(message: unknown): void {
    this.posted.push(structuredClone(message));
  }
  start(): void {
    // it delivers at once
  }
  hear(data: unknown, ports: readonly JoinPort[] = []): void {
    this.emit('message', { data, ports });
  }
}

const BEGIN = {
  is: 'begin',
  module: '/m.so',
  facts: { libraryParameters: null, environment: [] },
  token: { label: 't', serial: null },
  threads: 2,
  iv: 'caller',
  mechanism: 'CKM_AES_GCM',
  mayUseFinalTry: false,
  epoch: 0,
} as unknown as Omit<Parameters<ReturnType<ReturnType<typeof joinedHsmProcess>>['tell']>[0] & { is: 'begin' }, 'pin'>;

function joined() {
  const app = new Port();
  const start = joinedHsmProcess(app);
  const process = start(2, { SOFTHSM2_CONF: '/x' });
  const port = new Port();
  const join = (): void => app.hear({ keyriteHsm: 'started', id: 1, pid: 4_000_000 }, [port]);
  return { app, process, port, join };
}

const frame = (id: number): Buffer => encodeFrame({ kind: 2, flags: 0, id, word: 7 }, [Buffer.from('field')]);

describe('an HSM process that the app starts for the proxy', () => {
  it('is asked of the app, which never hears a PIN or a frame', () => {
    const { app, process, join } = joined();
    process.tell({ ...BEGIN, pin: Buffer.from('10203040') });
    join();
    process.wires[0]?.send(frame(1));
    expect(app.posted).toEqual([{ keyriteHsm: 'start', id: 1, environment: { SOFTHSM2_CONF: '/x' } }]);
    expect(process.pid).toBe(4_000_000);
  });

  it('gets what it was told before it was there, in order, and what the caller overwrote meanwhile', () => {
    const { process, port, join } = joined();
    const pin = new Uint8Array([1, 2, 3, 4]);
    process.tell({ ...BEGIN, pin });
    pin.fill(0);
    process.wires[1]?.send(frame(5));
    join();
    expect(port.posted).toMatchObject([{ word: { is: 'begin', pin: new Uint8Array([1, 2, 3, 4]) } }, { thread: 1 }]);
  });

  it('sends of a frame no byte that is not its own', () => {
    const { process, port, join } = joined();
    join();
    const pooled = Buffer.from(frame(9));
    process.wires[0]?.send(pooled);
    const [{ frame: sent }] = port.posted as [{ frame: Uint8Array }];
    expect(sent.buffer.byteLength).toBe(pooled.length);
  });

  it('hands answers to the thread they are of, and takes bytes that are no frames for the end of the wire', () => {
    const { process, port, join } = joined();
    const heard: (number | null)[][] = [[], []];
    for (const [thread, wire] of process.wires.entries()) wire.onFrame((one: Frame | null) => heard[thread]?.push(one && one.id));
    join();
    port.hear({ thread: 1, frame: new Uint8Array(frame(3)) });
    port.hear({ thread: 0, frame: new Uint8Array(Buffer.concat([frame(1), frame(2)])) });
    port.hear({ thread: 7, frame: new Uint8Array(frame(4)) });
    port.hear('nonsense');
    port.hear({ thread: 1, frame: new Uint8Array(64).fill(0xff) });
    expect(heard).toEqual([
      [1, 2],
      [3, null],
    ]);
  });

  it('believes only words that an HSM process can say', () => {
    const { process, port, join } = joined();
    const words: unknown[] = [];
    process.onMessage((word) => words.push(word));
    join();
    port.hear({ word: { is: 'loggingIn' } });
    port.hear({ word: { is: 'ready', slot: '../..' } });
    expect(words).toEqual([{ is: 'loggingIn' }]);
  });

  it('tells its end once, to all who ask, without what its library printed', () => {
    const { app, process, join } = joined();
    const ends: string[] = [];
    process.onEnd((why) => ends.push(why));
    process.onEnd((why) => ends.push(why));
    join();
    app.hear({ keyriteHsm: 'ended', id: 1, why: 'exit 6', printed: 'C_Login pPin = 10203040\n' });
    app.hear({ keyriteHsm: 'ended', id: 1, why: 'exit 6', printed: '' });
    const why = 'exit 6: what its library printed is not shown: it may hold a secret';
    expect(ends).toEqual([why, why]);
    process.end();
    expect(app.posted.at(-1)).toEqual({ keyriteHsm: 'end', id: 1 });
  });
});

describe('the parent of a utility process', () => {
  it('speaks like that of a fork, and lets a listener go', () => {
    const app = new Port();
    const parent = utilityParent(app);
    const heard: unknown[] = [];
    const listen = (message: unknown): void => void heard.push(message);
    parent.on('message', listen);
    app.hear({ keyriteStop: true });
    parent.off('message', listen);
    app.hear({ keyriteStop: true });
    expect(heard).toEqual([{ keyriteStop: true }]);
    parent.send({ keyriteProxy: 'ready' });
    expect(app.posted).toEqual([{ keyriteProxy: 'ready' }]);
  });
});
