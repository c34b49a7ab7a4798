import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditFileName } from '../../../core/evidence/audit-name';
import { serverLog } from '../../../core/pack/logged-host';
import { readServerLog, type LogAnchor, type ServerLogReading } from '../../../core/pack/server-log';
import { armed, auditText, killed, refused, request, started, timeAt, writeAudit, type SampleEvent } from './sample-audit';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrite-server-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function read(events: readonly SampleEvent[], ids: readonly string[] = [], anchor: LogAnchor | null = null) {
  await writeAudit(folder, events);
  return reread(ids, anchor);
}

async function reread(ids: readonly string[] = [], anchor: LogAnchor | null = null): Promise<ServerLogReading> {
  const reading = await readServerLog(folder, 'hsm-a', { requestIds: new Set(ids), anchor });
  expect(serverLog.parse(JSON.parse(JSON.stringify(reading.log)))).toEqual(reading.log);
  return reading;
}

const spansOf = async (...events: SampleEvent[]) => (await read([started(0), ...events])).log.spans;

describe('the log of a server', () => {
  it('says from which pull to which arming it was killed, and by whom', async () => {
    expect(await spansOf(killed(10, 'drill-1', 'ada', 40), killed(12, 'smoke', 'guard'), armed(60, 'drill-1', 'ben'))).toEqual([
      {
        seq: 1,
        pulls: [
          { at: timeAt(10), who: 'ada', why: 'drill-1' },
          { at: timeAt(12), who: 'guard', why: 'smoke' },
        ],
        killedAt: timeAt(9.96),
        ...{ operations: 0, farthestOperationMs: 0, restarts: 0, cameUpArmedAt: '' },
        armed: { at: timeAt(60), who: 'ben', why: 'drill-1' },
      },
    ]);
  });

  it('leaves what was not armed open, and begins anew with the next pull after an arming', async () => {
    const spans = await spansOf(killed(10, 'one'), armed(20, 'one'), killed(30, 'two'));
    expect(spans.map(({ pulls, armed: end }) => [pulls[0]?.why, end?.why])).toEqual([
      ['one', 'one'],
      ['two', undefined],
    ]);
  });

  it('counts operations from the kill itself on, also of one whose line stands before that of the kill', async () => {
    const spans = await spansOf(request(9.9, 'a'), request(9.99, 'b'), killed(10, 'drill', 'ada', 30), request(10.02, 'c'));
    expect(spans).toMatchObject([{ operations: 2, farthestOperationMs: 50 }]);
    expect(await spansOf(request(9.96, 'a'), killed(10, 'drill', 'ada', 30), refused(10.5, 'b'))).toMatchObject([
      { operations: 0, farthestOperationMs: 0 },
    ]);
  });

  it('takes no operation for an earlier one because the clock of the server was set back', async () => {
    expect(await spansOf(killed(100, 'drill'), request(20, 'a'))).toMatchObject([{ operations: 1, farthestOperationMs: 80_000 }]);
  });

  it('does not count operations after the arming, nor what was no operation', async () => {
    const health = request(30, 'h', { api: 'GetHealthStatus' });
    expect(await spansOf(killed(10, 'drill'), health, armed(40, 'drill'), request(41, 'a'))).toMatchObject([{ operations: 0 }]);
  });

  it('counts the starts that came up killed, and names one that came up armed', async () => {
    const latch = { by: 'ada', why: 'drill', at: timeAt(10) };
    expect(await spansOf(killed(10, 'drill'), started(20, latch), started(30, latch))).toMatchObject([
      { restarts: 2, cameUpArmedAt: '', pulls: [{ why: 'drill' }] },
    ]);
    expect(await spansOf(killed(10, 'drill'), started(20))).toMatchObject([{ cameUpArmedAt: timeAt(20) }]);
  });

  it('knows of a kill that was written for a proxy that did not run from its next start', async () => {
    expect(await spansOf(started(30, { by: 'guard', why: 'smoke', at: timeAt(20) }))).toMatchObject([
      { pulls: [{ at: timeAt(20), who: 'guard', why: 'smoke' }], killedAt: timeAt(20), restarts: 1 },
    ]);
  });

  it('knows of later pulls past a proxy that did not run, which each of its next starts says, once', async () => {
    const guard = { by: 'guard', why: 'smoke', at: timeAt(15) };
    const latch = { by: 'ada', why: 'drill', at: timeAt(10), pulls: [guard] };
    expect(
      await spansOf(killed(10, 'drill'), started(20, latch), started(30, latch), armed(40, 'drill'), started(50)),
    ).toMatchObject([
      { pulls: [{ why: 'drill' }, { at: timeAt(15), who: 'guard', why: 'smoke' }], restarts: 2, cameUpArmedAt: '' },
    ]);
    expect(await spansOf(started(20, latch))).toMatchObject([{ pulls: [{ why: 'drill' }, { why: 'smoke' }] }]);
  });

  it('knows which keys are blocked at its end', async () => {
    const block = (at: number, type: string, key: string): SampleEvent => ({
      at,
      type,
      data: { who: 'ada', why: '', key, code: '' },
    });
    const events = [block(1, 'blocked', 'b'), block(2, 'blocked', 'a'), block(3, 'blocked', 'c'), block(4, 'unblocked', 'b')];
    expect((await read([started(0), ...events])).log.blocked).toEqual(['a', 'c']);
    expect((await read([...events, started(5)])).log.blocked).toEqual([]);
  });

  it('takes its own time where a line says something that no proxy says', async () => {
    expect(await spansOf(killed(10, 'drill', 'ada', 1e15))).toMatchObject([{ killedAt: timeAt(10) }]);
    expect(await spansOf(started(30, { by: 'guard', why: 'smoke', at: 'yesterday' }), request(31, 'a'))).toMatchObject([
      { killedAt: timeAt(30), farthestOperationMs: 1000 },
    ]);
  });

  it('keeps the lines that are asked for, and which access key id was used when', async () => {
    const { log } = await read(
      [
        request(1, 'a', { accessKeyId: 'AKIDOLD' }),
        request(2, 'b'),
        refused(3, 'c'),
        request(4, '', { accessKeyId: 'AKIDCLAIMED', outcome: 'AuthenticationFailedException' }),
        request(5, 'd'),
      ],
      ['a', 'c', 'elsewhere'],
    );
    expect(log.requests.map(({ kmsRequestId, outcome, seq }) => [kmsRequestId, outcome, seq])).toEqual([
      ['a', 'ok', 0],
      ['c', 'InvalidStateException', 2],
    ]);
    expect(log.credentials).toEqual([
      { accessKeyId: 'AKIDOLD', firstAt: timeAt(1), lastAt: timeAt(1) },
      { accessKeyId: 'AKIDNEW', firstAt: timeAt(2), lastAt: timeAt(5) },
    ]);
  });

  it('keeps no more of a log than any proxy writes, and says that there was more', async () => {
    const huge = 'A'.repeat(3_000_000);
    const claimed = await read([started(0), request(1, 'a', { accessKeyId: huge }), request(2, 'b', { caller: huge })], ['b']);
    expect(claimed.lacks).toEqual([
      'event 1 (request) is not as a proxy writes it',
      'event 2 (request) is not as a proxy writes it',
    ]);
    const many = (at: number) =>
      request(at, 'a', { accessKeyId: `AKID${at}`, caller: 'c'.repeat(2_048), kmsKeyArn: 'k'.repeat(2_048) });
    const full = await read([started(0), ...Array.from({ length: 2_500 }, (_, i) => many(i + 1))], ['a']);
    expect(full.lacks).toEqual(['it has more of what counts than any proxy writes']);
    expect(JSON.stringify(full.log).length).toBeLessThan(9_000_000);
    expect(full.log.credentials).toHaveLength(1_000);
    const pulls = await read([started(0), killed(1, huge), killed(2, 'drill', huge)]);
    expect(pulls.lacks).toHaveLength(2);
  });

  it('is known again by an event of an earlier copy, and a new chain is not', async () => {
    const events = [started(0), request(1, 'a'), request(2, 'b')];
    const { log } = await read(events.slice(0, 2));
    const anchor = { seq: log.lastSeq, head: log.head };
    expect((await read(events, [], anchor)).goesOn).toBe(true);
    expect((await read([started(0), request(1, 'changed'), request(2, 'b')], [], anchor)).goesOn).toBe(false);
    expect((await read(events.slice(0, 1), [], anchor)).goesOn).toBe(false);
  });

  it('has marks that two logs do not share', async () => {
    const events = [started(0), killed(1, 'drill'), armed(2, 'drill')];
    const { marks } = await read(events);
    expect(marks).toHaveLength(3);
    await writeAudit(folder, events, 'another');
    expect((await reread()).marks.filter((mark) => marks.includes(mark))).toEqual([]);
  });

  it('does not hold with a changed line, and may end in a line that is being written', async () => {
    await writeAudit(folder, [started(0), killed(1, 'drill'), armed(2, 'drill')]);
    const path = join(folder, auditFileName(0));
    await appendFile(path, '{"actor":');
    expect((await reread()).check.ok).toBe(true);
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('drill', 'smoke'));
    expect((await reread()).check).toMatchObject({ ok: false, exitCode: 1, problems: [{ line: 2 }] });
    expect(auditText([started(0)])).toBe(`${text.split('\n')[0] ?? ''}\n`);
  });
});
