import { chmod, lstat, mkdir, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../core/pack/verify-audit';
import {
  auditFolder,
  clearGround,
  eventsOf,
  filesOf,
  gate,
  openOn,
  record,
  requestIds,
  START,
  TestDisk,
  tryOpen,
} from './ground';

afterEach(clearGround);

const numbers = (count: number, from = 0): string[] => Array.from({ length: count }, (_, i) => `request-${from + i}`);

describe('the audit log', () => {
  it('writes one chained line per request, in the order of the calls, with few writes and one at a time', async () => {
    const folder = await auditFolder();
    const disk = new TestDisk();
    const audit = await openOn({ folder, disk });
    const held = gate();
    disk.gate = held.promise;
    const first = audit.request(record('request-0'));
    await new Promise((resolve) => setImmediate(resolve));
    const others = numbers(1200, 1).map((id) => audit.request(record(id)));
    held.open();
    expect(await Promise.all([first, ...others])).toEqual(Array.from({ length: 1201 }, () => true));
    expect([disk.writes, disk.mostInFlight]).toEqual([4, 1]);
    expect(await requestIds(folder)).toEqual(numbers(1201));
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, events: 1201, head: audit.state.head });
  });

  it('writes a line that comes in the moment in which the write before it ends', async () => {
    for (let ticks = 0; ticks < 12; ticks++) {
      const audit = await openOn({ folder: await auditFolder() });
      await audit.act('first', {});
      for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
      expect(await audit.act('second', {})).toBe(true); // nothing comes after it that would begin a write
    }
  });

  it('says that a line is written only when the write has come back', async () => {
    const folder = await auditFolder();
    const disk = new TestDisk();
    const held = gate();
    disk.gate = held.promise;
    const audit = await openOn({ folder, disk });
    let isTold = false;
    const told = audit.request(record('1')).then((written) => (isTold = written));
    while (disk.inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(isTold).toBe(false);
    held.open();
    expect(await told).toBe(true);
  });

  it('syncs before it says so where the settings want that, and at the end where they want it once a second', async () => {
    const each = new TestDisk();
    const audit = await openOn({ folder: await auditFolder(), disk: each, settings: { sync: 'each' } });
    expect(await audit.request(record('1'))).toBe(true);
    expect(each.syncs).toBe(1);
    const second = new TestDisk();
    const other = await openOn({ folder: await auditFolder(), disk: second });
    expect(await other.request(record('1'))).toBe(true);
    expect(second.syncs).toBe(0);
    await other.close();
    expect(second.syncs).toBe(1);
  });

  it('records acts with who did them and why', async () => {
    const folder = await auditFolder();
    const audit = await openOn({ folder });
    expect(await audit.act('killed', { who: 'ada (uid 1000)', why: 'drill', sessions: 8 })).toBe(true);
    expect(await eventsOf(folder)).toMatchObject([
      { seq: 0, type: 'killed', actor: 'ada (uid 1000)', data: { why: 'drill', sessions: 8 }, at: '2026-11-23T10:00:00.000Z' },
    ]);
  });

  it('goes on with the chain after a restart, and knows whether there was one before', async () => {
    const folder = await auditFolder();
    const first = await openOn({ folder });
    expect(first.state.hadHistory).toBe(false);
    await first.request(record('1'));
    await first.close();
    const second = await openOn({ folder });
    expect(second.state).toMatchObject({ hadHistory: true, seq: 1, head: first.state.head, isWritable: true });
    await second.request(record('2'));
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, events: 2, files: 1, notes: [] });
  });

  it('begins a file when the last is long enough, named by its first event, and the chain runs through', async () => {
    const folder = await auditFolder();
    const audit = await openOn({ folder, settings: { fileBytes: 2000 } });
    for (const id of numbers(10)) expect(await audit.request(record(id))).toBe(true);
    expect(await filesOf(folder)).toEqual([0, 3, 6, 9].map((seq) => `audit-00000000000${seq}.jsonl`));
    expect(await verifyAudit(folder)).toMatchObject({ ok: true, events: 10, files: 4 });
  });

  it('begins a file with the first event of a day (UTC), also after a restart, and not when the clock goes back', async () => {
    const folder = await auditFolder();
    let at = Date.parse('2026-11-23T23:59:59.999Z');
    const audit = await openOn({ folder, now: () => at });
    await audit.act('started', {});
    at += 1;
    await audit.request(record('1'));
    at -= 1;
    await audit.request(record('2'));
    await audit.close();
    at = Date.parse('2026-11-25T00:00:00.000Z');
    await (await openOn({ folder, now: () => at })).request(record('3'));
    expect(await filesOf(folder)).toEqual([0, 1, 3].map((seq) => `audit-00000000000${seq}.jsonl`));
    expect((await verifyAudit(folder)).ok).toBe(true);
  });

  it('keeps what it writes to its owner', async () => {
    const folder = await auditFolder();
    await (await openOn({ folder })).request(record('1'));
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await lstat(join(folder, 'audit-000000000000.jsonl'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a folder others have access to, a link, and what is no folder', async () => {
    const open = await auditFolder();
    await mkdir(open);
    await chmod(open, 0o750);
    const link = await auditFolder();
    const real = await auditFolder();
    await mkdir(real, { mode: 0o700 });
    await symlink(real, link);
    for (const folder of [open, link]) {
      const refused = await tryOpen({ folder });
      expect(refused).toMatchObject({ ok: false, error: { code: 'file.foreign' } });
    }
    const below = await tryOpen({ folder: join(link, '..', 'nothing', '\0') }).catch((error: unknown) => error);
    expect(below).toBeInstanceOf(Error);
  });

  it('lets one process at a time write', async () => {
    const folder = await auditFolder();
    const audit = await openOn({ folder });
    expect(await tryOpen({ folder })).toMatchObject({ ok: false, error: { code: 'proxy.alreadyRunning' } });
    await audit.close();
    expect((await tryOpen({ folder })).ok).toBe(true);
  });

  it('writes what waits before it closes, and says false afterwards', async () => {
    const folder = await auditFolder();
    const audit = await openOn({ folder });
    const written = numbers(700).map((id) => audit.request(record(id)));
    await audit.close();
    expect(new Set(await Promise.all(written))).toEqual(new Set([true]));
    expect(await requestIds(folder)).toHaveLength(700);
    expect(await audit.request(record('late'))).toBe(false);
    expect(audit.state.isWritable).toBe(false);
  });

  it('stamps events with the time of the call', async () => {
    const folder = await auditFolder();
    let at = START;
    const audit = await openOn({ folder, now: () => at });
    const first = audit.request(record('1'));
    at += 5;
    await Promise.all([first, audit.request(record('2'))]);
    expect((await eventsOf(folder)).map((event) => event.at)).toEqual(['2026-11-23T10:00:00.000Z', '2026-11-23T10:00:00.005Z']);
  });
});
