import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Backlog } from '../../../proxy/hsm/backlog';
import { BackOff } from '../../../proxy/hsm/back-off';
import { IvGuard } from '../../../proxy/hsm/iv-guard';
import { KeyDirectory } from '../../../proxy/hsm/key-directory';
import { LoginGate } from '../../../proxy/hsm/login-gate';
import { loginMarker } from '../../../proxy/hsm/login-marker';
import { makeFlags, Stopped } from '../../../proxy/hsm/process/flags';
import { ivSource } from '../../../proxy/hsm/process/iv-source';
import { WrongAnswer } from '../../../proxy/hsm/process/wrong-answer';
import { Task } from '../../../proxy/hsm/task';

describe('the back-off', () => {
  it('heals a first failure at once, then waits 100 ms, doubling to 5 s', () => {
    const backOff = new BackOff();
    const waits = Array.from({ length: 10 }, (_, i) => backOff.failed(i * 10));
    expect(waits).toEqual([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  });

  it('forgets after half a minute without a failure, and when a person acts', () => {
    const backOff = new BackOff();
    backOff.failed(0);
    expect(backOff.failed(29_000)).toBe(100);
    expect(backOff.failed(60_000)).toBe(0);
    expect(backOff.failed(60_001)).toBe(100);
    backOff.reset();
    expect(backOff.failed(60_002)).toBe(0);
  });
});

describe('the backlog', () => {
  it('gives places back under a load that never lets it run empty', () => {
    const backlog = new Backlog<string>();
    const order = { label: null, rule: null, frame: () => Buffer.alloc(0), done: () => null, failed: () => undefined };
    const task = (): Task<string> => new Task<string>(order, 0, 0);
    for (let i = 0; i < 10; i++) backlog.add(task());
    for (let i = 0; i < 10_000; i++) {
      backlog.add(task());
      backlog.waitsNoMore(backlog.next()!);
      expect(backlog.places).toBeLessThan(300);
    }
    expect(backlog.length).toBe(10);
  });
});

describe('IVs', () => {
  it('are drawn 64 at a time, handed out once and overwritten where they were', () => {
    const batches: Buffer[] = [];
    let place: Buffer | null = null;
    const next = ivSource((bytes) => {
      place = bytes;
      randomBytes(bytes.length).copy(bytes);
      batches.push(Buffer.from(bytes));
    });
    const drawn = Array.from({ length: 64 }, () => next());
    expect(batches).toHaveLength(1);
    expect(Buffer.concat(drawn)).toEqual(batches[0]);
    expect(place!.every((byte) => byte === 0)).toBe(true);
    next();
    expect(batches).toHaveLength(2);
  });

  it('that repeat, in a batch or over two, or are zero, are refused, and the batch with them', () => {
    const constant = ivSource((bytes) => bytes.fill(7));
    expect(constant).toThrow(WrongAnswer);
    expect(ivSource(() => undefined)).toThrow(WrongAnswer);
    const once = randomBytes(768);
    const same = ivSource((bytes) => void once.copy(bytes));
    for (let i = 0; i < 64; i++) same();
    expect(same).toThrow(WrongAnswer);
    expect(same).toThrow(WrongAnswer);
  });

  it('are not taken from a draw that failed half-way', () => {
    let isBroken = false;
    const next = ivSource((bytes) => {
      randomBytes(bytes.length).copy(bytes);
      if (isBroken) throw new Error('CKR_DEVICE_ERROR');
    });
    for (let i = 0; i < 64; i++) next();
    isBroken = true;
    expect(next).toThrow('CKR_DEVICE_ERROR');
    expect(next).toThrow('CKR_DEVICE_ERROR');
    isBroken = false;
    expect(next()).toHaveLength(12);
  });

  it('that two processes give alike are seen, under the same key', () => {
    const guard = new IvGuard();
    const iv = randomBytes(12);
    expect(guard.isFresh('a', iv)).toBe(true);
    expect(guard.isFresh('b', iv)).toBe(true);
    expect(guard.isFresh('a', Buffer.from(iv))).toBe(false);
    for (let i = 0; i < 5000; i++) guard.isFresh('a', randomBytes(12));
    expect(guard.isFresh('a', iv)).toBe(false);
  });
});

describe('the flags of an HSM process', () => {
  it('stop what was judged before the last block, and everything after a kill', () => {
    const main = makeFlags();
    const thread = makeFlags(main.shared);
    thread.check(0);
    main.setEpoch(3);
    expect(() => thread.check(2)).toThrow(Stopped);
    thread.check(3);
    // Orders may overtake the message about the block they were judged with.
    thread.check(4);
    main.kill();
    expect(() => thread.check(4)).toThrow(Stopped);
  });
});

describe('what a process knows of the keys', () => {
  it('is believed for a while, doubted soon, and searched for by one at a time', () => {
    const directory = new KeyDirectory<string>(() => 0.5);
    expect(directory.known('k', 0)).toBeNull();
    expect(directory.join('k', 'first')).toBe(false);
    expect(directory.join('k', 'second')).toBe(true);
    expect(directory.begin('k')).toBe(false);
    expect(directory.finish('k', [], 0)).toEqual(['first', 'second']);
    expect(directory.known('k', 999)).toEqual([]);
    expect(directory.known('k', 1000)).toBeNull();
    expect(directory.remembered('k')).toEqual([]);
    const key = { handle: Buffer.alloc(8), id: 'i', ckaId: '0a', aesBits: 256, usages: [], metadata: new Uint8Array() };
    directory.learn('k', [key], 0);
    expect([directory.isDoubtful('k', 999), directory.isDoubtful('k', 1000)]).toEqual([false, true]);
    expect(directory.known('k', 449_999)).toEqual([key]);
    expect(directory.known('k', 450_000)).toBeNull();
    directory.forget('k');
    expect(directory.remembered('k')).toBeNull();
  });

  it('is given up with the process: whoever waits for a search hears of it', () => {
    const directory = new KeyDirectory<string>();
    directory.join('a', 'one');
    directory.join('b', 'two');
    expect(directory.abandon()).toEqual(['one', 'two']);
    expect(directory.finish('a', [], 0)).toEqual([]);
  });
});

describe('the gate of the logins', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyrite-gate-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const AT = '2026-11-23T14:00:00.000Z';

  it('closes for good with a refused PIN, in a file for us alone that holds no PIN', () => {
    const gate = new LoginGate(loginMarker(folder));
    expect(gate.refusal).toBeNull();
    expect(gate.failed('CKR_PIN_INCORRECT', AT)).toBe('closed');
    expect(new LoginGate(loginMarker(folder)).refusal).toEqual({ at: AT, why: 'CKR_PIN_INCORRECT', pinChangedAt: null });
    expect(statSync(join(folder, 'login-refused.json')).mode & 0o777).toBe(0o600);
    gate.forgive();
    expect(gate.mayUseFinalTry).toBe(true);
    expect(new LoginGate(loginMarker(folder)).refusal).toBeNull();
    gate.loggedIn();
    expect(gate.mayUseFinalTry).toBe(false);
  });

  it('stays open for a device in trouble, and counts what is unclear', () => {
    const gate = new LoginGate(loginMarker(folder));
    for (let i = 0; i < 10; i++) expect(gate.failed('CKR_DEVICE_ERROR', AT)).toBe('open');
    expect([gate.failed('CKR_GENERAL_ERROR', AT), gate.failed('CKR_FUNCTION_FAILED', AT)]).toEqual(['open', 'open']);
    gate.loggedIn();
    expect([gate.failed('CKR_GENERAL_ERROR', AT), gate.failed('0x80000001', AT)]).toEqual(['open', 'open']);
    expect(gate.failed('CKR_GENERAL_ERROR', AT)).toBe('closed');
  });

  it('is closed by a marker that cannot be read, and closes where none can be written', () => {
    writeFileSync(join(folder, 'login-refused.json'), '{"at":');
    expect(new LoginGate(loginMarker(folder)).refusal).toMatchObject({ why: 'markerUnreadable' });
    const gate = new LoginGate(loginMarker(join(folder, 'nowhere')));
    expect(gate.failed('CKR_PIN_LOCKED', AT)).toBe('unmarked');
    expect(gate.refusal).not.toBeNull();
  });
});
