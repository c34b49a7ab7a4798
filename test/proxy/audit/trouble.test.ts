import { appendFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { verifyAudit } from '../../../core/pack/verify-audit';
import type { Audit } from '../../../proxy/audit/audit';
import { auditFolder, clearGround, eventsOf, filesOf, gate, openOn, record, requestIds, systemError, TestDisk } from './ground';

const FIRST = 'audit-000000000000.jsonl';

// the timers are the test's; files and immediates stay real
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }));
afterEach(async () => {
  vi.useRealTimers();
  await clearGround();
});

const realTimeout = setTimeout;

/** Lets the timers' time pass, and real time for the disk in between, until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (let round = 0; round < 400; round++) {
    if (isSo()) return;
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => realTimeout(resolve, 2));
  }
  throw new Error('It did not come to that.');
}

const recovered = (audit: Audit): Promise<void> => until(() => audit.state.isWritable);
const troubled = (audit: Audit): Promise<void> => until(() => !audit.state.isWritable);

async function lastAct(folder: string): Promise<unknown> {
  return (await eventsOf(folder)).filter(({ type }) => type !== 'request').at(-1);
}

describe('a disk that fails', () => {
  it('costs the requests their lines: told at once, counted when it works again, and never written later', async () => {
    const folder = await auditFolder();
    const disk = new TestDisk();
    const audit = await openOn({ folder, disk });
    await audit.request(record('before'));
    disk.writeError = systemError('ENOSPC');
    disk.partial = 300;
    expect(await Promise.all([audit.request(record('a')), audit.request(record('b'))])).toEqual([false, false]);
    expect(audit.state).toMatchObject({ isWritable: false, problem: 'the disk is full (ENOSPC)', failed: 2 });
    const writes = disk.writes;
    expect(await audit.request(record('c'))).toBe(false);
    expect(disk.writes).toBe(writes);
    disk.writeError = null;
    await recovered(audit);
    expect(await audit.request(record('after'))).toBe(true);
    expect(await requestIds(folder)).toEqual(['before', 'after']);
    expect(await lastAct(folder)).toMatchObject({
      type: 'recordingResumed',
      data: {
        lost: 3,
        problem: 'the disk is full (ENOSPC)',
        onFailure: 'refuse',
        lateFrom: -1,
        since: '2026-11-23T10:00:00.000Z',
      },
    });
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, events: 3, notes: [] });
    expect(audit.state).toMatchObject({ failed: 3, written: 3, problem: '' });
  });

  it('tries at most once a second, and leaves no torn line when it never comes back', async () => {
    const folder = await auditFolder();
    const disk = new TestDisk();
    const audit = await openOn({ folder, disk });
    await audit.request(record('before'));
    disk.writeError = systemError('EIO');
    disk.partial = 100;
    await audit.request(record('lost'));
    const writes = disk.writes;
    await vi.advanceTimersByTimeAsync(900);
    expect(disk.writes).toBe(writes);
    await until(() => disk.writes > writes);
    expect(disk.writes).toBe(writes + 1);
    vi.useRealTimers();
    await audit.close();
    const reopened = await openOn({ folder });
    expect(reopened.state).toMatchObject({ isWritable: true });
    await reopened.request(record('after'));
    expect(await requestIds(folder)).toEqual(['before', 'after']);
    expect((await verifyAudit(folder)).ok).toBe(true);
  });

  it('keeps acts, for they happened: written in their order when it works again', async () => {
    const folder = await auditFolder();
    const disk = new TestDisk();
    const audit = await openOn({ folder, disk });
    disk.writeError = systemError('EIO');
    const told = [audit.act('killed', { who: 'ada' }), audit.request(record('lost')), audit.act('armed', { who: 'ben' })];
    expect(await Promise.all(told)).toEqual([false, false, false]);
    expect(await audit.act('blocked', { who: 'eve' })).toBe(false);
    disk.writeError = null;
    await recovered(audit);
    expect((await eventsOf(folder)).map(({ type }) => type)).toEqual(['killed', 'armed', 'blocked', 'recordingResumed']);
  });

  it('keeps the lines of requests where these are answered all the same', async () => {
    const folder = await auditFolder();
    const disk = new TestDisk();
    const audit = await openOn({ folder, disk, settings: { onFailure: 'continue' } });
    disk.writeError = systemError('ENOSPC');
    expect(await Promise.all([audit.request(record('1')), audit.request(record('2'))])).toEqual([false, false]);
    expect(await audit.request(record('3'))).toBe(false);
    disk.writeError = null;
    await recovered(audit);
    expect(await audit.request(record('4'))).toBe(true);
    expect(await requestIds(folder)).toEqual(['1', '2', '3', '4']);
    expect(await lastAct(folder)).toMatchObject({ data: { lost: 0, onFailure: 'continue' } });
  });

  it('keeps no more of them than fit: what is beyond is counted as lost', async () => {
    const folder = await auditFolder();
    const disk = new TestDisk();
    const audit = await openOn({ folder, disk, settings: { onFailure: 'continue', fileBytes: 100_000_000 } });
    disk.writeError = systemError('ENOSPC');
    await audit.request(record('0'));
    for (let i = 1; i <= 9000; i++) void audit.request(record(String(i)));
    disk.writeError = null;
    await recovered(audit);
    expect(await requestIds(folder)).toHaveLength(8192);
    expect(await lastAct(folder)).toMatchObject({ data: { lost: 809 } });
  });
});

describe('a disk that stalls', () => {
  it('makes nobody wait longer than 100 ms, and names the lines that were written too late', async () => {
    const folder = await auditFolder();
    const disk = new TestDisk();
    const audit = await openOn({ folder, disk });
    await audit.request(record('before'));
    const held = gate();
    disk.gate = held.promise;
    const late = [audit.request(record('late-1')), audit.request(record('late-2'))];
    await vi.waitFor(() => expect(disk.inFlight).toBe(1), { interval: 1 });
    const waiting = audit.request(record('waiting'));
    await vi.advanceTimersByTimeAsync(100);
    expect(await Promise.all([...late, waiting])).toEqual([false, false, false]);
    expect(audit.state).toMatchObject({ isWritable: false, failed: 3 });
    expect(await audit.request(record('meanwhile'))).toBe(false);
    held.open();
    await recovered(audit);
    expect(await audit.request(record('after'))).toBe(true);
    expect(await requestIds(folder)).toEqual(['before', 'late-1', 'late-2', 'after']);
    expect(await lastAct(folder)).toMatchObject({ type: 'recordingResumed', data: { lateFrom: 1, lateTo: 2, lost: 2 } });
    expect((await verifyAudit(folder)).ok).toBe(true);
  });

  it('bounds what waits', async () => {
    const disk = new TestDisk();
    const audit = await openOn({ folder: await auditFolder(), disk });
    const held = gate();
    disk.gate = held.promise;
    const first = audit.request(record('0'));
    await vi.waitFor(() => expect(disk.inFlight).toBe(1), { interval: 1 });
    for (let i = 0; i < 16_384; i++) void audit.request(record(String(i)));
    expect(audit.state.isWritable).toBe(true);
    expect(await audit.request(record('one too many'))).toBe(false);
    expect(audit.state).toMatchObject({ isWritable: false, failed: 16_385 });
    held.open();
    expect(await first).toBe(true);
    await recovered(audit);
  });

  it('does not keep the proxy from ending', async () => {
    const disk = new TestDisk();
    const audit = await openOn({ folder: await auditFolder(), disk });
    const held = gate();
    disk.gate = held.promise;
    const never = audit.request(record('1'));
    await vi.waitFor(() => expect(disk.inFlight).toBe(1), { interval: 1 });
    const closed = audit.close();
    await vi.advanceTimersByTimeAsync(2000);
    await closed;
    expect(await never).toBe(false);
    held.open();
  });

  it('is noticed when fsync does not come back', async () => {
    const disk = new TestDisk();
    const audit = await openOn({ folder: await auditFolder(), disk });
    disk.syncError = systemError('EIO');
    await audit.request(record('1'));
    await troubled(audit);
    expect(audit.state.problem).toBe('the disk answers with an error (EIO)');
    disk.syncError = null;
    await recovered(audit);
    const { data } = (await eventsOf(join(audit.state.file, '..'))).at(-1) ?? {};
    expect(data).toMatchObject({ unsyncedFrom: 0 });
  });
});

describe('a folder that others touch', () => {
  it('goes on in a new file when the old one was moved away, and the two are one log again when it is put back', async () => {
    const folder = await auditFolder();
    const audit = await openOn({ folder });
    await audit.request(record('1'));
    await rename(join(folder, FIRST), join(folder, '..', FIRST));
    await audit.request(record('2'));
    await troubled(audit);
    await recovered(audit);
    await audit.request(record('3'));
    expect(await filesOf(folder)).toEqual(['audit-000000000002.jsonl']);
    expect(await lastAct(folder)).toMatchObject({ seq: 2, data: { abandonedFile: FIRST } });
    await rename(join(folder, '..', FIRST), join(folder, FIRST));
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, events: 4 });
  });

  it('does not write on a file that was put in the place of ours, or that somebody wrote on', async () => {
    const folder = await auditFolder();
    const audit = await openOn({ folder });
    await audit.request(record('1'));
    const bytes = await readFile(join(folder, FIRST));
    await rm(join(folder, FIRST));
    await writeFile(join(folder, FIRST), bytes);
    await troubled(audit);
    await recovered(audit);
    expect(await lastAct(folder)).toMatchObject({ data: { abandonedFile: FIRST } });
    const [, second = ''] = await filesOf(folder);
    await appendFile(join(folder, second), 'more\n');
    await troubled(audit);
    await recovered(audit);
    expect(await lastAct(folder)).toMatchObject({ data: { abandonedFile: second } });
    expect(await verifyAudit(folder)).toMatchObject({
      exitCode: 1,
      problems: [{ file: second, line: 2, what: 'the line is not JSON' }],
    });
  });

  it('says no while the folder is gone, and goes on when it is back', async () => {
    const folder = await auditFolder();
    const audit = await openOn({ folder });
    await audit.request(record('1'));
    await rename(folder, `${folder}-away`);
    await troubled(audit);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await audit.request(record('2'))).toBe(false);
    await rename(`${folder}-away`, folder);
    await recovered(audit);
    expect(await audit.request(record('3'))).toBe(true);
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, events: 3 });
  });

  it('sees before it answers that the file is gone, where each line is synced', async () => {
    const folder = await auditFolder();
    const audit = await openOn({ folder, settings: { sync: 'each' } });
    await audit.request(record('1'));
    await rm(folder, { recursive: true });
    expect(await audit.request(record('2'))).toBe(false);
    await mkdir(folder, { mode: 0o700 });
    await recovered(audit);
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, firstSeq: 1 });
  });
});
