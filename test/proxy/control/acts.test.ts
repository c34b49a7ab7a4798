import { describe, expect, it } from 'vitest';
import { openLatch, type Latch } from '../../../proxy/latch';
import { controlActs, type ActParts } from '../../../proxy/control/acts';
import { MemoryDisk } from '../latch/memory-disk';
import { STATUS } from './control-ground';

const ADA = { who: 'ada', why: 'drill' };

interface Ground {
  readonly acts: ReturnType<typeof controlActs>;
  readonly latch: Latch;
  readonly disk: MemoryDisk;
  /** what happened, in order */
  readonly log: string[];
}

async function ground(
  change: { audit?: (type: string) => Promise<boolean>; stop?: () => Promise<boolean> } = {},
): Promise<Ground> {
  const disk = new MemoryDisk();
  const latch = await openLatch('/memory', { hasHistory: false, now: () => 0, disk });
  const log: string[] = [];
  const parts: ActParts = {
    latch,
    hsm: {
      kill: () => {
        log.push(`hsm.kill while ${latch.mayUse('k')?.reason ?? 'usable'}`);
        return change.stop?.() ?? Promise.resolve(true);
      },
      arm: () => void log.push(`hsm.arm while ${latch.mayUse('k')?.reason ?? 'usable'}`),
      blocksChanged: () => void log.push(`hsm.blocksChanged while ${latch.mayUse('k')?.reason ?? 'usable'}`),
      state: () => STATUS.hsm,
    },
    audit: {
      act: (type, data) => {
        log.push(`${type} by ${JSON.stringify(data['who'])}`);
        return change.audit?.(type) ?? Promise.resolve(true);
      },
    },
    isConfigured: (key) => key === 'k',
  };
  return { acts: controlActs(parts), latch, disk, log };
}

/** A line of the audit log that is on its way to the disk until it is released. */
function hold(): { readonly written: Promise<boolean>; readonly release: () => void } {
  let release = (): void => undefined;
  const written = new Promise<boolean>((resolve) => {
    release = () => resolve(true);
  });
  return { written, release: () => release() };
}

describe('a kill', () => {
  it('flips the latch, stops the HSM, writes, records, and tells', async () => {
    const { acts, latch, log } = await ground();
    const killing = acts.kill(ADA);
    expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    expect(log).toEqual(['hsm.kill while killed']);
    expect(await killing).toMatchObject({
      restart: 'same',
      problem: '',
      stopped: true,
      sessions: 16,
      recorded: true,
      pid: process.pid,
    });
    expect(log).toEqual(['hsm.kill while killed', 'killed by "ada"']);
  });

  it('is acknowledged although the HSM never stops and the audit log never writes, and says so', async () => {
    const never = () => new Promise<never>(() => undefined);
    const { acts } = await ground({ audit: never, stop: never });
    expect(await acts.kill(ADA)).toMatchObject({ restart: 'same', stopped: false, recorded: false });
  });

  it('does not say that nothing runs any more where a process was not seen to have ended', async () => {
    const { acts } = await ground({ stop: () => Promise.resolve(false) });
    expect(await acts.kill(ADA)).toMatchObject({ restart: 'same', stopped: false, recorded: true });
  });

  it('is acknowledged although stopping the HSM fails', async () => {
    const { acts } = await ground({ stop: () => Promise.reject(new Error('no')) });
    expect(await acts.kill(ADA)).toMatchObject({ restart: 'same', stopped: false, recorded: true });
  });

  it('says what a restart would be where the latch could not be written', async () => {
    const { acts, disk, latch } = await ground();
    disk.fate = () => 'failsBefore';
    expect(await acts.kill(ADA)).toMatchObject({ restart: 'unknown', problem: expect.stringContaining('ENOSPC') });
    expect(latch.mayUse('k')).not.toBeNull();
  });
});

describe('arming', () => {
  it('is recorded first, then written, and only then is the HSM logged in to', async () => {
    const { acts, log } = await ground();
    await acts.kill(ADA);
    log.length = 0;
    expect(await acts.arm(ADA)).toEqual({ ok: true, value: { recorded: true, problem: '' } });
    expect(log).toEqual(['arming by "ada"', 'hsm.arm while usable', 'armed by "ada"']);
  });

  it('does not undo a kill that came after the look it rests on, also of what was killed already', async () => {
    const { acts, latch, log } = await ground();
    await acts.kill(ADA);
    const { kills } = latch.state();
    await acts.kill({ who: 'night guard', why: 'smoke' });
    log.length = 0;
    expect(await acts.arm(ADA, kills)).toMatchObject({ error: { code: 'proxy.overtaken' } });
    expect([latch.state().killed, log]).toEqual([true, []]);
    expect(await acts.arm(ADA, latch.state().kills)).toMatchObject({ ok: true });
  });

  it('does not happen where it cannot be recorded', async () => {
    const { acts, latch, log } = await ground({ audit: async (type) => type === 'killed' });
    await acts.kill(ADA);
    expect(await acts.arm(ADA)).toMatchObject({ error: { code: 'proxy.auditNotWritten' } });
    expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    expect(log.filter((line) => line.startsWith('hsm.arm'))).toEqual([]);
  });

  it('leaves a second line where it did not succeed, and the HSM alone', async () => {
    const { acts, disk, log } = await ground();
    await acts.kill(ADA);
    log.length = 0;
    disk.fate = () => 'failsBefore';
    expect(await acts.arm(ADA)).toMatchObject({ error: { code: 'proxy.latchNotWritten' } });
    expect(log).toEqual(['arming by "ada"', 'notArmed by "ada"']);
  });

  it('does not log in to the HSM when a kill comes in the same moment', async () => {
    const { acts, latch, log } = await ground();
    await acts.kill(ADA);
    log.length = 0;
    const arming = acts.arm(ADA);
    while (latch.mayUse('k') !== null) await Promise.resolve();
    const killing = acts.kill(ADA);
    await Promise.all([arming, killing]);
    expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    const last = log.filter((line) => line.startsWith('hsm.')).at(-1);
    expect(last).toBe('hsm.kill while killed');
  });

  it('does not undo a kill that was acknowledged while the line about the arming was on its way to the disk', async () => {
    const line = hold();
    const { acts, latch, log } = await ground({ audit: (type) => (type === 'arming' ? line.written : Promise.resolve(true)) });
    await acts.kill(ADA);
    const arming = acts.arm(ADA);
    expect(await acts.kill({ who: 'bob', why: 'again, for certain' })).toMatchObject({ restart: 'same', stopped: true });
    line.release();
    expect(await arming).toMatchObject({ error: { code: 'proxy.overtaken' } });
    expect(latch.mayUse('k')).toMatchObject({ reason: 'killed' });
    expect(log.filter((entry) => entry.startsWith('hsm.arm'))).toEqual([]);
    expect(log.at(-1)).toBe('notArmed by "ada"');
  });

  it('tells that blocks of before are not known where the latch was lost', async () => {
    const disk = new MemoryDisk(Buffer.from('x'));
    const latch = await openLatch('/memory', { hasHistory: true, now: () => 0, disk });
    const hsm = { kill: async () => true, arm: () => undefined, blocksChanged: () => undefined, state: () => STATUS.hsm };
    const acts = controlActs({ latch, hsm, audit: { act: async () => true }, isConfigured: () => true });
    expect(await acts.arm(ADA)).toMatchObject({ value: { problem: expect.stringContaining('damaged') } });
  });
});

describe('blocking a key', () => {
  it('holds before the HSM is told, and is recorded afterwards', async () => {
    const { acts, log } = await ground();
    expect(await acts.block('k', ADA)).toEqual({ ok: true, value: { recorded: true, isConfigured: true } });
    expect(log).toEqual(['hsm.blocksChanged while blocked', 'blocked by "ada"']);
    expect(await acts.block('other', ADA)).toMatchObject({ value: { isConfigured: false } });
  });

  it('is undone only with a line before it', async () => {
    const { acts, log } = await ground();
    await acts.block('k', ADA);
    log.length = 0;
    expect(await acts.unblock('k', ADA)).toMatchObject({ ok: true });
    expect(log).toEqual(['unblocking by "ada"', 'hsm.blocksChanged while usable', 'unblocked by "ada"']);
    const refusing = await ground({ audit: async () => false });
    await refusing.acts.block('k', ADA);
    expect(await refusing.acts.unblock('k', ADA)).toMatchObject({ error: { code: 'proxy.auditNotWritten' } });
    expect(refusing.latch.mayUse('k')).toMatchObject({ reason: 'blocked' });
  });

  it('holds against an unblocking that was asked for before it and waits for its line', async () => {
    const line = hold();
    const { acts, latch } = await ground({ audit: (type) => (type === 'unblocking' ? line.written : Promise.resolve(true)) });
    await acts.block('k', ADA);
    const unblocking = acts.unblock('k', ADA);
    await acts.block('k', { who: 'bob', why: 'it was seen abroad' });
    line.release();
    expect(await unblocking).toMatchObject({ error: { code: 'proxy.overtaken' } });
    expect(latch.mayUse('k')).toMatchObject({ reason: 'blocked' });
  });
});
