import { describe, expect, it } from 'vitest';
import type { Act } from '../../core/control/act';
import { latchBytes, type LatchRecord } from '../../core/control/latch-record';
import { openLatch, type Latch } from '../../proxy/latch';
import { MemoryDisk, type Fate } from './latch/memory-disk';

const ADA: Act = { who: 'ada', why: 'drill' };
const BEN: Act = { who: 'ben', why: 'the drill is over' };
const NOON = Date.parse('2026-11-23T12:00:00.000Z');

function open(disk: MemoryDisk, hasHistory = false): Promise<Latch> {
  return openLatch('/memory', { hasHistory, now: () => NOON, disk });
}

async function armed(): Promise<{ latch: Latch; disk: MemoryDisk }> {
  const disk = new MemoryDisk();
  return { latch: await open(disk), disk };
}

/** Writes stop at a gate; `let` opens it for the ones that wait, with a fate. */
function gated(disk: MemoryDisk): { let: (fate?: Fate) => void; arrived: () => Promise<void> } {
  const waiting: ((fate: Fate) => void)[] = [];
  let tell: () => void = () => undefined;
  disk.fate = () =>
    new Promise<Fate>((resolve) => {
      waiting.push(resolve);
      tell();
    });
  return {
    let: (fate = 'works') => waiting.splice(0).forEach((go) => go(fate)),
    arrived: () => (waiting.length > 0 ? Promise.resolve() : new Promise((resolve) => (tell = resolve))),
  };
}

describe('the latch', () => {
  it('comes up armed on a first start, and says so on disk', async () => {
    const { latch, disk } = await armed();
    expect(latch.mayUse('k')).toBeNull();
    expect(latch.state()).toMatchObject({ killed: false, by: 'keyrite', why: 'first start', restart: 'same', problem: '' });
    expect((await open(disk, true)).state()).toMatchObject({ killed: false });
  });

  it('comes up killed on a first start whose latch cannot be written: a kill could not be kept either', async () => {
    const disk = new MemoryDisk();
    disk.fate = () => 'failsBefore';
    const state = (await open(disk)).state();
    expect(state).toMatchObject({ killed: true, restart: 'unknown' });
    expect(state.problem).toContain('ENOSPC');
  });

  it('refuses every key from the call of kill on, before a byte is written', async () => {
    const { latch, disk } = await armed();
    const gate = gated(disk);
    const killing = latch.kill(ADA);
    expect(latch.mayUse('k')).toMatchObject({ name: 'InvalidStateException', reason: 'killed' });
    expect(disk.writes).toEqual(['replace']); // of the first start
    await gate.arrived();
    gate.let();
    expect(await killing).toEqual({ ok: true, value: null });
    expect((await open(disk)).state()).toMatchObject({
      killed: true,
      ...{ by: 'ada', why: 'drill' },
      at: '2026-11-23T12:00:00.000Z',
    });
  });

  it('serves only when arming is on the medium', async () => {
    const { latch, disk } = await armed();
    await latch.kill(ADA);
    const gate = gated(disk);
    const arming = latch.arm(BEN);
    await gate.arrived();
    expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    gate.let();
    expect(await arming).toEqual({ ok: true, value: null });
    expect(latch.mayUse('k')).toBeNull();
    expect(latch.state()).toMatchObject({ by: 'ben', restart: 'same' });
  });

  it('blocks one key at once, in either state, and lets go of it when that is on the medium', async () => {
    const { latch, disk } = await armed();
    const gate = gated(disk);
    const blocking = latch.block('k', ADA);
    expect(latch.mayUse('k')).toMatchObject({ name: 'InvalidStateException', reason: 'blocked' });
    expect(latch.mayUse('other')).toBeNull();
    await gate.arrived();
    gate.let();
    await blocking;
    const unblocking = latch.unblock('k');
    await gate.arrived();
    expect(latch.mayUse('k')).not.toBeNull();
    gate.let();
    await unblocking;
    expect(latch.mayUse('k')).toBeNull();
  });

  it('keeps blocks over a kill, arming and a restart', async () => {
    const { latch, disk } = await armed();
    await latch.block('b', ADA);
    await latch.block('a', BEN);
    await latch.kill(ADA);
    await latch.arm(BEN);
    const again = await open(disk, true);
    expect(again.state()).toEqual({ ...latch.state(), kills: again.state().kills });
    expect(again.state().blocked).toEqual(['a', 'b']);
    expect(again.state().blocks[1]).toEqual({ key: 'b', by: 'ada', why: 'drill', at: '2026-11-23T12:00:00.000Z' });
  });

  it('comes up with the pulls that were made past it while it was killed, keeps them over a block, and no longer than until it is armed', async () => {
    const pull = { by: 'night guard', why: 'smoke', at: '2026-11-23T11:00:00.000Z' };
    const killed: LatchRecord = { version: 1, state: 'killed', by: 'ada', why: 'drill', at: pull.at, blocks: [], pulls: [pull] };
    const disk = new MemoryDisk(latchBytes(killed));
    const latch = await open(disk, true);
    expect(latch.state().pulls).toEqual([pull]);
    await latch.block('k', BEN);
    expect((await open(disk, true)).state()).toMatchObject({ killed: true, by: 'ada', pulls: [pull] });
    await latch.arm(BEN);
    expect(latch.state()).not.toHaveProperty('pulls');
    expect((await open(disk, true)).state()).not.toHaveProperty('pulls');
  });

  it('counts pulls by numbers of this start: what was seen before a restart is overtaken', async () => {
    const { latch, disk } = await armed();
    await latch.kill(ADA);
    const again = await openLatch('/memory', { hasHistory: true, now: () => NOON + 5_000, disk });
    await again.kill(BEN);
    expect(again.state().kills).not.toBe(latch.state().kills);
  });

  it('remembers who killed it first, and who blocked a key first', async () => {
    const { latch } = await armed();
    await latch.kill(ADA);
    await latch.kill(BEN);
    await latch.block('k', ADA);
    await latch.block('k', BEN);
    expect(latch.state()).toMatchObject({ by: 'ada', blocks: [{ key: 'k', by: 'ada' }] });
  });

  it.each(['before its turn', 'while it writes'])('lets a kill win that comes after arming was asked for, %s', async (when) => {
    const { latch, disk } = await armed();
    await latch.kill(ADA);
    const gate = gated(disk);
    const arming = latch.arm(BEN);
    if (when === 'while it writes') await gate.arrived();
    const killing = latch.kill({ who: 'cleo', why: '' });
    disk.fate = () => 'works';
    gate.let();
    expect(await arming).toMatchObject({ ok: false, error: { code: 'proxy.overtaken' } });
    expect(await killing).toMatchObject({ ok: true });
    expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    expect((await open(disk)).state()).toMatchObject({ killed: true });
  });

  it('lets a block win that comes while the key is being unblocked, and another key’s block live through it', async () => {
    const { latch, disk } = await armed();
    await latch.block('k', ADA);
    const gate = gated(disk);
    const unblocking = latch.unblock('k');
    await gate.arrived();
    const blocking = Promise.all([latch.block('k', BEN), latch.block('other', BEN)]);
    disk.fate = () => 'works';
    gate.let();
    expect(await unblocking).toMatchObject({ error: { code: 'proxy.overtaken' } });
    await blocking;
    expect((await open(disk)).state().blocked).toEqual(['k', 'other']);
  });

  it('refuses to block what is no key id: no file of ours could hold it', async () => {
    const { latch, disk } = await armed();
    expect(await latch.block('a b', ADA)).toMatchObject({ error: { code: 'input.pattern' } });
    expect((await open(disk)).state().problem).toBe('');
  });

  it('writes no text that it would not read again', async () => {
    const { latch, disk } = await armed();
    await latch.kill({ who: '\u001B[2Jada\uD800', why: `drill\n${'\u{1F511}'.repeat(500)}` });
    expect((await open(disk)).state()).toMatchObject({ killed: true, problem: '', by: '[2Jada' });
  });
});

describe('a latch file that cannot be written', () => {
  const full =
    (except: readonly string[] = []) =>
    (means: string): Fate =>
      except.includes(means) ? 'works' : 'failsBefore';

  it('keeps killed in memory, and writes over the old file where there is no room for a second one', async () => {
    const { latch, disk } = await armed();
    disk.fate = full(['overwrite']);
    expect(await latch.kill(ADA)).toMatchObject({ ok: true });
    expect(latch.state()).toMatchObject({ killed: true, restart: 'same' });
    expect((await open(disk)).state()).toMatchObject({ killed: true, by: 'ada' });
  });

  it('empties the file where it cannot be written over: an empty latch is a killed one', async () => {
    const { latch, disk } = await armed();
    disk.fate = full(['empty']);
    expect(await latch.kill(ADA)).toMatchObject({
      error: { code: 'proxy.latchNotWritten', detail: { restart: 'killed', errno: 'ENOSPC' } },
    });
    expect(latch.state()).toMatchObject({ killed: true, restart: 'killed' });
    expect((await open(disk)).state()).toMatchObject({ killed: true, problem: 'The latch file is empty.' });
  });

  it('takes the file away where the audit log tells that it was there, and only there', async () => {
    const disk = new MemoryDisk();
    const known = await open(disk, false);
    const withHistory = await open(disk, true);
    disk.fate = full(['remove']);
    expect(await known.kill(ADA)).toMatchObject({ error: { detail: { restart: 'unknown' } } });
    expect(disk.content).not.toBeNull();
    expect(await withHistory.kill(ADA)).toMatchObject({ error: { detail: { restart: 'killed' } } });
    expect((await open(disk, true)).state()).toMatchObject({ killed: true });
  });

  it('says that nobody can tell, stays killed, and keeps it with the next kill that can be written', async () => {
    const { latch, disk } = await armed();
    disk.fate = full();
    expect(await latch.kill(ADA)).toMatchObject({ error: { detail: { restart: 'unknown' } } });
    expect(latch.mayUse('k')).not.toBeNull();
    expect(latch.state()).toMatchObject({ restart: 'unknown' });
    disk.fate = () => 'works';
    expect(await latch.kill(ADA)).toMatchObject({ ok: true });
    expect(latch.state()).toMatchObject({ restart: 'same' });
  });

  it('leaves a file alone that says killed already', async () => {
    const { latch, disk } = await armed();
    await latch.kill(ADA);
    disk.fate = full();
    const before = disk.writes.length;
    expect(await latch.kill(BEN)).toMatchObject({ error: { detail: { restart: 'killed' } } });
    expect(disk.writes.slice(before)).toEqual(['replace']);
  });

  it('arms nothing that is not on the medium, and takes back what only seemed to get there', async () => {
    const { latch, disk } = await armed();
    await latch.kill(ADA);
    disk.fate = () => 'failsBefore';
    expect(await latch.arm(BEN)).toMatchObject({ error: { code: 'proxy.latchNotWritten', detail: { restart: 'same' } } });
    const fates: Fate[] = ['failsAfter', 'works'];
    disk.fate = () => fates.shift() ?? 'failsBefore';
    expect(await latch.arm(BEN)).toMatchObject({ error: { code: 'proxy.latchNotWritten', detail: { restart: 'same' } } });
    expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    expect((await open(disk)).state()).toMatchObject({ killed: true, by: 'ada' });
  });

  it('unblocks nothing that is not on the medium', async () => {
    const { latch, disk } = await armed();
    await latch.block('k', ADA);
    const fates: Fate[] = ['failsAfter', 'works'];
    disk.fate = () => fates.shift() ?? 'failsBefore';
    expect(await latch.unblock('k')).toMatchObject({ error: { code: 'proxy.latchNotWritten' } });
    expect(latch.mayUse('k')).toMatchObject({ reason: 'blocked' });
    expect((await open(disk)).state().blocked).toEqual(['k']);
  });

  it('blocks in memory and says that a restart may forget it', async () => {
    const { latch, disk } = await armed();
    disk.fate = full();
    expect(await latch.block('k', ADA)).toMatchObject({
      error: { code: 'proxy.latchNotWritten', detail: { restart: 'unknown' } },
    });
    expect(latch.mayUse('k')).toMatchObject({ reason: 'blocked' });
  });
});

describe('a latch file at boot', () => {
  const record: LatchRecord = { version: 1, state: 'armed', by: 'ada', why: '', at: '2026-11-23T12:00:00.000Z', blocks: [] };
  const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));

  it.each([
    ['nothing', Buffer.alloc(0), 'is empty'],
    ['no JSON', Buffer.from('{"version":1,"state":"arm'), 'damaged'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'damaged'],
    ['another version', bytes({ ...record, version: 2 }), 'version 2'],
    ['a member too many', bytes({ ...record, also: true }), 'damaged'],
    ['a state that there is not', bytes({ ...record, state: 'Armed' }), 'state'],
    [
      'a key blocked twice',
      bytes({ ...record, blocks: ['k', 'k'].map((key) => ({ key, by: '', why: '', at: record.at })) }),
      'twice',
    ],
    ['text that repaints a terminal', bytes({ ...record, why: '\u001B[2J' }), 'why'],
    ['null', bytes(null), 'damaged'],
  ])('is killed when it holds %s', async (_, content, word) => {
    const disk = new MemoryDisk(content);
    const latch = await open(disk);
    expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    expect(latch.state()).toMatchObject({ killed: true, restart: 'killed', by: 'keyrite' });
    expect(latch.state().problem).toContain(word);
    expect(disk.content).toBe(content); // left as it is
  });

  it('is lost, and so killed, when it is missing and the audit log has lines', async () => {
    const latch = await open(new MemoryDisk(), true);
    expect(latch.state()).toMatchObject({ killed: true, restart: 'killed' });
    expect(latch.state().problem).toContain('lost');
  });

  it('is armed again by a person, and the problem is over then', async () => {
    const disk = new MemoryDisk(Buffer.from('x'));
    const latch = await open(disk);
    expect(await latch.arm(BEN)).toMatchObject({ ok: true });
    expect(latch.state()).toMatchObject({ killed: false, problem: '', by: 'ben' });
    expect((await open(disk)).state()).toMatchObject({ killed: false });
  });

  it('keeps saying why it is killed when a key is blocked meanwhile', async () => {
    const disk = new MemoryDisk(Buffer.from('x'));
    await (await open(disk)).block('k', ADA);
    const again = (await open(disk)).state();
    expect(again).toMatchObject({ killed: true, by: 'keyrite', blocked: ['k'] });
    expect(again.why).toContain('damaged');
  });

  it('reads again what it wrote', async () => {
    const disk = new MemoryDisk(latchBytes({ ...record, state: 'killed' }));
    expect((await open(disk)).state()).toMatchObject({ killed: true, problem: '', by: 'ada' });
  });
});
