import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serversPlanArm, serversSeeArmed } from '../../../../core/station/acts/servers-arm';
import { serversReadLogs } from '../../../../core/station/acts/servers-logs';
import { serversMeasure } from '../../../../core/station/acts/servers-measure';
import { serversReconcile } from '../../../../core/station/acts/servers-reconcile';
import type { ActResult } from '../../../../core/ceremony/state';
import type { Result } from '../../../../core/contract/result';
import type { Outcome } from '../../../../core/keys/evidence';
import { armed, killed, refused, request, started, timeAt, writeAudit, type SampleEvent } from '../../pack/sample-audit';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

/** Of the ceremony that `actRecord` makes. */
const ID = 'xks-store-1';
const LATCH = { by: 'ada (uid 0)', why: ID, at: timeAt(10) };

let record: ActRecord;
beforeEach(async () => {
  record = await actRecord({ ...STORE_INPUTS, fleetSize: '2' });
});
afterEach(() => record.remove());

/** A use of the key that took a tenth of a second from this one on. */
const call = (at: number, ok: boolean) => ({
  ...{ requestId: `at-${at}`, ok, code: ok ? '' : 'aws.invalidState' },
  ...{ from: timeAt(at), to: timeAt(at + 0.1) },
});
/** Its line: a server writes it in the middle. */
const served = (at: number, ahead = 0) => request(at + ahead + 0.05, `at-${at}`);
const turnedAway = (at: number, ahead = 0) => refused(at + ahead + 0.05, `at-${at}`);

const BASELINE = [call(1, true), call(2, true)];
/** hsm-a is killed at 10, hsm-b at 12; between them the fleet refuses by turns. */
const PULLED = [call(9, true), call(10.5, false), call(11, true), call(12.5, false), call(13, false)];
const AFTER = [call(30, false), call(31, false)];
const BACK = [call(60, true), call(61, true)];

const HSM_A = [
  ...[started(0), served(1), served(9), killed(10, ID), turnedAway(10.5), turnedAway(12.5)],
  ...[started(20, LATCH), turnedAway(30)],
];
const HSM_B = [
  ...[started(0), served(2), served(11), killed(12, ID), turnedAway(13)],
  ...[started(21, { ...LATCH, at: timeAt(12) }), turnedAway(31)],
];
const ARMED_A = [armed(50, ID), served(60)];
const ARMED_B = [armed(51, ID), served(61)];

async function read(logs: Readonly<Record<string, readonly SampleEvent[]>>): Promise<void> {
  for (const [host, events] of Object.entries(logs)) await writeAudit(join(record.media('back'), 'servers', host), events, host);
  expect(failedRules(await record.done('servers.readLogs', serversReadLogs))).toEqual([]);
}

/** What a balancer asks of every host, so that each log goes on. */
const asked = request(300, '', { api: 'GetHealthStatus' });

/** Later copies, held against the first ones of this test. */
async function readAgain(first: ActResult['data'], a: readonly SampleEvent[], b: readonly SampleEvent[]): Promise<void> {
  record.known('servers.readLogs', first);
  await read({ 'hsm-a': [...a, asked], 'hsm-b': [...b, asked] });
}

const firstCopies = (): ActResult['data'] => record.context().state.data['servers.readLogs'] ?? {};

function called(): void {
  record.known('drill.baseline', { calls: BASELINE });
  record.known('servers.untilRefused', { calls: PULLED });
  record.known('servers.stillRefused', { calls: AFTER });
}

const found = (done: Result<Outcome>) =>
  Object.fromEntries(value(done).checks.flatMap(({ rule, ok, got }) => (ok ? [] : [[rule, got]])));

const again: typeof measured = (a, b) => {
  record.known('servers.readLogs', {});
  return measured(a, b);
};

async function measured(a: readonly SampleEvent[], b: readonly SampleEvent[]): Promise<Readonly<Record<string, string>>> {
  called();
  await read({ 'hsm-a': a, 'hsm-b': b });
  return found(await record.done('servers.measure', serversMeasure));
}

const at = <T>(list: readonly T[], index: number, ...put: readonly T[]): T[] => list.toSpliced(index, 1, ...put);

describe('the kill of a fleet, measured by its logs', () => {
  it('passes where every host was killed, refused, did nothing more and came up killed', async () => {
    expect(await measured(HSM_A, HSM_B)).toEqual({});
    const done = value(await record.done('servers.measure', serversMeasure));
    // the last kill was at 12, the first refusal after which nothing went through ended at 12.6
    expect(done.data).toMatchObject({ refusedAt: timeAt(12.6), refusedAfterMs: 651 });
    expect(done.data['hosts']).toMatchObject([
      { host: 'hsm-a', refusals: 3, killedAt: timeAt(10), farthestOperationMs: 0, offset: { atLeastMs: -51, atMostMs: 51 } },
      { host: 'hsm-b', refusals: 2 },
    ]);
  });

  it('counts with the clock of each host as the calls show it', async () => {
    const ahead = 100;
    const later = HSM_B.map((event) => ({ ...event, at: event.at + ahead }));
    called();
    await read({ 'hsm-a': HSM_A, 'hsm-b': later });
    const done = await record.done('servers.measure', serversMeasure);
    expect(found(done)).toEqual({});
    expect(value(done).data).toMatchObject({ refusedAfterMs: 651 });
    expect(value(done).data['hosts']).toMatchObject([{}, { offset: { atLeastMs: 99_949, atMostMs: 100_051 } }]);
  });

  it('says that it cannot tell where a clock was set in the middle', async () => {
    const set = HSM_B.map((event, i) => (i < 5 ? event : { ...event, at: event.at + 30 }));
    expect(await measured(HSM_A, set)).toEqual({ 'CER-DRILL-REFUSED': 'it cannot be said: see the table' });
  });

  it('names a host that was forgotten, and one that somebody killed for another reason', async () => {
    const forgotten = [started(0), served(2), served(11)];
    const others = at(HSM_A, 3, killed(10, 'smoke in the room', 'guard'));
    expect(await measured(others, forgotten)).toMatchObject({
      'CER-DRILL-ACKNOWLEDGED':
        'hsm-a: killed by guard for another reason (smoke in the room); hsm-b: its log has no kill since it was armed',
      'CER-DRILL-MET': 'hsm-b: refused none of our uses',
    });
  });

  it('names a copy from before the kill', async () => {
    expect(await measured(HSM_A, HSM_B.slice(0, 3))).toMatchObject({
      'CER-DRILL-ACKNOWLEDGED': 'hsm-b: its log has no kill since it was armed',
    });
  });

  it('names an operation later than the mark, and a host that came up armed', async () => {
    const late = [...HSM_A.slice(0, 4), request(10.2, 'somebody'), ...HSM_A.slice(4)];
    const cameUp = at(HSM_B, 5, started(21));
    expect(await measured(late, cameUp)).toEqual({
      'CER-DRILL-LAST-OPERATION': 'hsm-a: the last after 200 ms',
      'CER-DRILL-RESTARTED': `hsm-b: came up armed at ${timeAt(21)}`,
    });
  });

  it('names a host that was not restarted', async () => {
    expect(await measured(at(HSM_A, 6), HSM_B)).toEqual({ 'CER-DRILL-RESTARTED': 'hsm-a: was not restarted' });
  });

  it('passes for no host that was armed before it was measured, or twice in the drill', async () => {
    const early = [...HSM_B, armed(40, 'because', 'mallory')];
    expect(await measured(HSM_A, early)).toMatchObject({
      'CER-DRILL-ACKNOWLEDGED': 'hsm-b: was armed by mallory in the middle of the drill (because)',
    });
    const twice = [...HSM_B, armed(40, ID, 'mallory'), request(41, 'foreign'), killed(42, ID), started(43, LATCH)];
    expect(await again(HSM_A, twice)).toMatchObject({
      'CER-DRILL-ACKNOWLEDGED': `hsm-b: was killed before in this drill, and armed by mallory (${ID})`,
    });
    const smoke = [killed(11.5, 'smoke', 'guard'), armed(11.6, 'because', 'mallory')];
    const between = [started(0), served(2), served(11), ...smoke, ...HSM_B.slice(3)];
    expect(await again(HSM_A, between)).toMatchObject({
      'CER-DRILL-ACKNOWLEDGED': 'hsm-b: was killed before in this drill, and armed by mallory (because)',
    });
    const notMetBefore = [started(0), killed(3, 'smoke', 'guard'), armed(4, 'because', 'mallory'), ...HSM_B.slice(1)];
    expect(await again(HSM_A, notMetBefore)).toMatchObject({
      'CER-DRILL-ACKNOWLEDGED': 'hsm-b: was killed before in this drill, and armed by mallory (because)',
    });
    const longAgo = [started(0), killed(0.2, 'smoke', 'guard'), armed(0.3, 'over', 'ben'), ...HSM_B.slice(1)];
    expect(await again(HSM_A, longAgo), 'what was before the drill is no part of it').toEqual({});
  });

  it('counts no refusal of one host for another that was killed after it', async () => {
    const later = [started(0), served(2), served(11), killed(25, ID), started(27, { ...LATCH, at: timeAt(25) }), turnedAway(31)];
    expect(await measured([...HSM_A.slice(0, 6), turnedAway(13), ...HSM_A.slice(6)], later)).toEqual({
      'CER-DRILL-REFUSED': 'nothing was refused for good after the last kill',
    });
  });

  it('is too late where uses went through for longer than the mark after the last kill', async () => {
    record.known('drill.baseline', { calls: BASELINE });
    record.known('servers.untilRefused', { calls: [...PULLED.slice(0, 3), call(18, true), call(19, false)] });
    await read({ 'hsm-a': HSM_A, 'hsm-b': HSM_B });
    expect(found(await record.done('servers.measure', serversMeasure))).toMatchObject({
      'CER-DRILL-REFUSED': 'after 7151 ms at most',
    });
  });
});

describe('arming a fleet', () => {
  let first: ActResult['data'] = {};
  const plan = async (a: readonly SampleEvent[], b: readonly SampleEvent[]) => {
    record.known('servers.readLogs', {});
    await read({ 'hsm-a': a, 'hsm-b': b });
    first = firstCopies();
    return record.done('servers.planArm', serversPlanArm);
  };
  const seen = async (a: readonly SampleEvent[], b: readonly SampleEvent[]) => {
    await readAgain(first, a, b);
    return found(await record.done('servers.seeArmed', serversSeeArmed));
  };

  it('shows every pull on every host, and another pull has another digest', async () => {
    const first = value(await plan(HSM_A, HSM_B));
    expect(first.checks.every(({ ok }) => ok)).toBe(true);
    expect(first.show[1]).toMatchObject({
      rows: [
        ['hsm-a', timeAt(10), 'ada (uid 0)', ID],
        ['hsm-b', timeAt(12), 'ada (uid 0)', ID],
      ],
    });
    expect(JSON.stringify(first.show[0])).toContain('no key');
    const second = value(await plan(HSM_A, [...HSM_B, killed(40, 'smoke', 'guard')]));
    expect(second.values['arming.digest']).not.toBe(first.values['arming.digest']);
    const block = { at: 41, type: 'blocked', data: { who: 'ada', why: '', key: 'xks-root-2', code: '' } };
    const third = value(await plan([...HSM_A, block], [...HSM_B, killed(40, 'smoke', 'guard')]));
    expect(JSON.stringify(third.show[0])).toContain('xks-root-2 on hsm-a');
    expect(third.values['arming.digest']).not.toBe(second.values['arming.digest']);
  });

  it('has nothing to arm where every host serves, and nothing that may be armed where one came up so by itself', async () => {
    const serving = [started(0), killed(1, 'long ago'), armed(2, 'long ago', 'ben')];
    const done = await plan([started(0)], serving);
    expect(found(done)).toEqual({ 'CER-ARM-KILLED': 'every host is armed already' });
    expect(value(done).show[2]).toMatchObject({ rows: [['hsm-b', timeAt(2), 'ben', 'long ago']] });
  });

  it('has nothing that may be armed where somebody armed a host of this drill before three had approved', async () => {
    const early = [...HSM_B, armed(40, 'because', 'mallory')];
    expect(found(await plan(HSM_A, early))).toEqual({
      'CER-ARM-KILLED': `hsm-b was armed by mallory at ${timeAt(40)} (because)`,
    });
    expect(await seen([...HSM_A, ...ARMED_A], early), 'and nobody takes it for armed by this ceremony afterwards').toEqual({
      'CER-ARM-ARMED': 'hsm-b: armed by mallory for another reason (because)',
    });
    const ahead = [started(0), killed(1, 'smoke', 'guard'), armed(40, ID, 'mallory')];
    expect(found(await plan(HSM_A, ahead))).toEqual({
      'CER-ARM-KILLED': `hsm-b was armed by mallory at ${timeAt(40)} (${ID})`,
    });
  });

  it('refuses to arm beside a host that came up armed', async () => {
    expect(found(await plan(HSM_A, at(HSM_B, 5, started(21))))).toEqual({
      'CER-ARM-KILLED': `hsm-b came up armed at ${timeAt(21)}`,
    });
  });

  it('passes where each was armed once, with the name of this ceremony', async () => {
    await plan(HSM_A, HSM_B);
    expect(await seen([...HSM_A, ...ARMED_A], [...HSM_B, ...ARMED_B])).toEqual({});
  });

  it('leaves a host alone that served already', async () => {
    const serving = [started(0), killed(1, 'long ago'), armed(2, 'long ago'), served(3)];
    await plan(HSM_A, serving);
    expect(await seen([...HSM_A, ...ARMED_A], [...serving, served(70)])).toEqual({});
    expect(await seen([...HSM_A, ...ARMED_A], [...serving, served(70), killed(80, 'smoke', 'guard')])).toEqual({
      'CER-ARM-ARMED': 'hsm-b: is killed, by its log',
      'CER-ARM-PULLS': `hsm-b: guard pulled it at ${timeAt(80)} (smoke)`,
    });
  });

  it('names a host that is killed still, and one that was armed for another reason', async () => {
    await plan(HSM_A, HSM_B);
    expect(await seen(HSM_A, [...HSM_B, armed(51, 'because', 'ben')])).toEqual({
      'CER-ARM-ARMED': 'hsm-a: is killed, by its log; hsm-b: armed by ben for another reason (because)',
    });
  });

  it('names a pull that nobody approved to undo, before the arming and after it', async () => {
    await plan(HSM_A, HSM_B);
    const before = [...HSM_A, killed(45, 'smoke', 'guard'), ...ARMED_A];
    expect(await seen(before, [...HSM_B, ...ARMED_B])).toEqual({
      'CER-ARM-PULLS': `hsm-a: guard pulled it at ${timeAt(45)} (smoke)`,
    });
    const again = [...HSM_B, ...ARMED_B, killed(70, 'smoke', 'guard'), armed(71, ID)];
    expect(await seen(before, again)).toEqual({
      'CER-ARM-PULLS': `hsm-a: guard pulled it at ${timeAt(45)} (smoke); hsm-b: guard pulled it at ${timeAt(70)} (smoke)`,
    });
  });

  it('cannot be seen before it was planned', async () => {
    await read({ 'hsm-a': HSM_A, 'hsm-b': HSM_B });
    expect(await record.done('servers.seeArmed', serversSeeArmed)).toMatchObject({ error: { code: 'ceremony.notNow' } });
  });
});

describe('all uses beside all logs', () => {
  const reconciled = async (a: readonly SampleEvent[], b: readonly SampleEvent[]) => {
    called();
    record.known('drill.restored', { calls: BACK });
    record.known('servers.readLogs', {});
    await read({ 'hsm-a': a, 'hsm-b': b });
    return found(await record.done('servers.reconcile', serversReconcile));
  };

  it('passes where every use that succeeded has a line on one host', async () => {
    expect(await reconciled([...HSM_A, ...ARMED_A], [...HSM_B, ...ARMED_B])).toEqual({});
  });

  it('names a use without a line, as of a proxy that nobody counted, and one on two hosts', async () => {
    expect(await reconciled([...HSM_A, armed(50, ID)], [...HSM_B, ...ARMED_B])).toEqual({ 'CER-DRILL-NO-ORPHAN': 'at-60' });
    expect(await reconciled([...HSM_A, ...ARMED_A, served(61)], [...HSM_B, ...ARMED_B])).toEqual({
      'CER-DRILL-NO-ORPHAN': 'at-61',
    });
  });

  it('names a host that somebody else armed in the middle, also where it was killed for this drill again', async () => {
    const open = [...HSM_A, armed(40, 'because', 'mallory'), request(41, 'foreign'), killed(42, ID), ...ARMED_A];
    expect(await reconciled(open, [...HSM_B, ...ARMED_B])).toEqual({
      'CER-DRILL-NO-OPERATION': `hsm-a: armed by mallory at ${timeAt(40)} (because)`,
    });
    const worked = [...HSM_A, request(35, 'foreign'), ...ARMED_A.slice(0, 1), killed(52, ID), armed(53, ID), served(60)];
    expect(await reconciled(worked, [...HSM_B, ...ARMED_B])).toEqual({
      'CER-DRILL-NO-OPERATION': 'hsm-a: 1, the farthest after 25000 ms',
    });
  });

  it('passes for no host that this drill did not kill, whatever was before', async () => {
    const other = [started(0), killed(0.1, 'long ago'), armed(0.2, 'long ago'), served(2), served(11), served(61)];
    expect(await reconciled([...HSM_A, ...ARMED_A], other)).toEqual({
      'CER-DRILL-NO-OPERATION': 'hsm-b: its log has no kill of this drill',
    });
  });

  it('names a host whose HSM worked while it was killed, whoever asked', async () => {
    const worked = [...HSM_A, request(40, 'somebody'), ...ARMED_A];
    expect(await reconciled(worked, [...HSM_B, ...ARMED_B])).toEqual({
      'CER-DRILL-NO-OPERATION': 'hsm-a: 1, the farthest after 30000 ms',
    });
  });
});
