import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linesOfServers, logsOfServers, requestIdsIn, serversReadLogs } from '../../../../core/station/acts/servers-logs';
import { auditFileName } from '../../../../core/evidence/audit-name';
import { armed, auditText, killed, refused, request, started, writeAudit, type SampleEvent } from '../../pack/sample-audit';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

let record: ActRecord;
beforeEach(async () => {
  record = await actRecord({ ...STORE_INPUTS, fleetSize: '2' });
});
afterEach(() => record.remove());

const onMedium = (...names: string[]) => join(record.media('back'), 'servers', ...names);
const lay = (host: string, events: readonly SampleEvent[], salt = host) => writeAudit(onMedium(host), events, salt);
/** A copy that lacks the events before `from`. */
async function laySecondPart(host: string, events: readonly SampleEvent[], from: number, salt = host): Promise<void> {
  await mkdir(onMedium(host), { recursive: true });
  const lines = auditText(events, salt).split('\n').slice(from);
  await writeFile(onMedium(host, auditFileName(from)), lines.join('\n'));
}
const read = () => record.done('servers.readLogs', serversReadLogs);
const EVENTS = [started(0), request(1, 'call-1'), killed(2, 'drill')];

describe('taking in the logs of the servers', () => {
  it('proves each, keeps the lines of the calls of this ceremony, and says what was read', async () => {
    record.known('drill.kill', { calls: [{ requestId: 'call-1', ok: true, code: '' }] });
    record.known('aws.proveStore', { requestIds: ['call-2'] });
    await lay('hsm-a', EVENTS);
    await lay('hsm-b.example.com', [started(0), request(1, 'somebody'), request(3, 'call-2')]);
    const done = await read();
    expect(failedRules(done)).toEqual([]);
    expect(value(done).data['hosts']).toMatchObject([
      { host: 'hsm-a', events: 3 },
      { host: 'hsm-b.example.com', events: 3 },
    ]);
    expect(value(await linesOfServers(record.context())).map(({ host, kmsRequestId }) => `${host} ${kmsRequestId}`)).toEqual([
      'hsm-a call-1',
      'hsm-b.example.com call-2',
    ]);
    expect(value(await logsOfServers(record.context())).map(({ spans }) => spans.length)).toEqual([1, 0]);
  });

  it('names a missing host and one too many', async () => {
    await lay('hsm-a', EVENTS);
    const done = await read();
    expect(failedRules(done)).toEqual(['CER-SERVERS-FLEET']);
    expect(value(done).checks[0]).toMatchObject({ wanted: '2 hosts', got: '1 host: hsm-a' });
    await lay('hsm-b', EVENTS);
    expect(failedRules(await read())).toEqual([]);
    record.known('servers.readLogs', {});
    await lay('hsm-c', EVENTS);
    expect(failedRules(await read())).toEqual(['CER-SERVERS-FLEET']);
  });

  it('counts by the settings that this ceremony wrote out, where it did', async () => {
    record.known('proxy.plan', { deployment: { fleetSize: 1 } });
    await lay('hsm-a', EVENTS);
    expect(failedRules(await read())).toEqual([]);
  });

  it('does not take one log for two, though one copy is older', async () => {
    await lay('hsm-a', EVENTS, 'the same');
    await lay('hsm-b', EVENTS.slice(0, 2), 'the same');
    const done = await read();
    expect(failedRules(done)).toEqual(['CER-SERVERS-DISTINCT']);
    expect(value(done).checks[1]?.got).toBe('hsm-a and hsm-b have the same events');
  });

  it('does not take the two halves of a log for two', async () => {
    const events = [...EVENTS, armed(3, 'drill'), started(4), request(5, 'call-2')];
    await writeAudit(onMedium('hsm-a'), events.slice(0, 4), 'the same');
    await laySecondPart('hsm-b', events, 4, 'the same');
    const done = await read();
    expect(failedRules(done)).toEqual(['CER-SERVERS-DISTINCT']);
    expect(value(done).checks[1]?.got).toBe('hsm-b goes on from an event of hsm-a');
  });

  it.each<[string, readonly SampleEvent[], string]>([
    [
      'the file with the kill is missing, so that the host seems to serve',
      [refused(12, 'x'), refused(13, 'y')],
      'hsm-b: nothing in it says whether it is killed: its older files are missing',
    ],
    [
      'it begins between a kill and an arming',
      [refused(12, 'x'), armed(13, 'because', 'mallory')],
      'hsm-b: what it was before event 3 (armed) is not in it: its older files are missing',
    ],
    [
      'it begins with an operation that a kill may have let through',
      [request(12, 'x'), refused(12.5, 'y')],
      'hsm-b: nothing in it says whether it is killed: its older files are missing',
    ],
  ])('names a copy that does not say what counts: %s', async (_, rest, got) => {
    await lay('hsm-a', EVENTS);
    await laySecondPart('hsm-b', [started(0), request(1, 'call-1'), ...rest], 2);
    const done = await read();
    expect(failedRules(done)).toEqual(['CER-SERVERS-WHOLE']);
    expect(value(done).checks.find(({ ok }) => !ok)?.got).toBe(got);
    expect(JSON.stringify(value(done).show)).toContain('the log holds from event 2 on');
  });

  it('takes a copy without its oldest files where a start, or uses for longer than a call takes, come first', async () => {
    await laySecondPart('hsm-a', [started(0), request(1, 'x'), started(10), killed(12, 'drill')], 2);
    await laySecondPart('hsm-b', [started(0), request(1, 'x'), request(12, 'y'), request(14, 'z'), killed(15, 'drill')], 2);
    expect(failedRules(await read())).toEqual([]);
  });

  it('names an act that nobody can read, instead of going over it', async () => {
    await lay('hsm-a', EVENTS);
    await lay('hsm-b', [
      started(0),
      { at: 2, type: 'killed', data: { who: 7, why: 'drill' } },
      { at: 3, type: 'armed', data: {} },
    ]);
    const done = await read();
    expect(failedRules(done)).toEqual(['CER-SERVERS-WHOLE']);
    expect(value(done).checks.find(({ ok }) => !ok)?.got).toBe(
      'hsm-b: event 1 (killed) is not as a proxy writes it, event 2 (armed) is not as a proxy writes it',
    );
  });

  it('says that a clock went back', async () => {
    await lay('hsm-a', [...EVENTS, request(1.5, 'x')]);
    await lay('hsm-b', EVENTS);
    expect(JSON.stringify(value(await read()).show)).toContain('the clock went back from');
  });

  it('does not take an old copy once more, also of a host that nobody killed', async () => {
    await lay('hsm-a', EVENTS);
    await lay('hsm-b', [started(0)]);
    expect(failedRules(await read())).toEqual([]);
    await lay('hsm-a', [...EVENTS, armed(9, 'drill')]);
    const stale = await read();
    expect(failedRules(stale)).toEqual(['CER-SERVERS-GOES-ON']);
    expect(value(stale).checks[2]?.got).toBe('hsm-b has no event since');
  });

  it('lets be what a Mac leaves beside the copies, and says so', async () => {
    await lay('hsm-a', EVENTS);
    await lay('hsm-b', EVENTS);
    for (const name of ['._hsm-a', '.DS_Store']) await writeFile(onMedium(name), 'of the Finder');
    for (const name of [`._${auditFileName(0)}`, '.DS_Store']) await writeFile(onMedium('hsm-a', name), 'of the Finder');
    const done = await read();
    expect(failedRules(done)).toEqual([]);
    expect(JSON.stringify(value(done).show)).toContain(`"._${auditFileName(0)}","this does not belong into an audit log`);
    await mkdir(onMedium('hsm-b', '._folder'));
    expect(await read()).toMatchObject({ error: { code: 'file.damaged', detail: { host: 'hsm-b', file: '._folder' } } });
  });

  it('refuses a log with a changed line, and names host, file and line', async () => {
    await lay('hsm-a', EVENTS);
    await lay('hsm-b', EVENTS);
    const forged = auditText(EVENTS, 'hsm-b').replace('call-1', 'call-9');
    await writeFile(onMedium('hsm-b', auditFileName(0)), forged);
    expect(await read()).toMatchObject({
      ok: false,
      error: { code: 'file.damaged', detail: { host: 'hsm-b', file: auditFileName(0), line: 2 } },
    });
  });

  it('holds later copies against those it read before: older ones and new chains fail, longer ones do not', async () => {
    await lay('hsm-a', EVENTS);
    await lay('hsm-b', EVENTS);
    expect(failedRules(await read())).toEqual([]);
    await lay('hsm-a', [...EVENTS, armed(9, 'drill')]);
    await lay('hsm-b', EVENTS.slice(0, 2));
    const stale = await read();
    expect(failedRules(stale)).toEqual(['CER-SERVERS-GOES-ON']);
    expect(value(stale).checks[2]?.got).toBe('hsm-b does not');
    await lay('hsm-b', [started(0), request(1, 'call-1'), armed(9, 'drill')]);
    expect(failedRules(await read()), 'a chain that was written anew').toEqual(['CER-SERVERS-GOES-ON']);
    await rm(onMedium('hsm-b'), { recursive: true });
    await lay('hsm-c', EVENTS);
    expect(value(await read()).checks[2]?.got).toBe('hsm-b is not there any more');
    await rm(onMedium('hsm-c'), { recursive: true });
    await lay('hsm-b', [...EVENTS, armed(9, 'drill')]);
    expect(failedRules(await read()), 'the right copies are not held against those that failed').toEqual([]);
  });

  it.each([
    ['nothing is there', () => Promise.resolve()],
    ['a folder without a log', () => mkdir(onMedium('hsm-a'), { recursive: true })],
    ['a folder that is no name of a host', () => lay('..hidden', EVENTS)],
    [
      'a file beside the folders',
      async () => {
        await lay('hsm-a', EVENTS);
        await writeFile(onMedium('notes.txt'), 'notes');
      },
    ],
    [
      'a link in place of a folder',
      async () => {
        await lay('hsm-a', EVENTS);
        await symlink(onMedium('hsm-a'), onMedium('hsm-b'));
      },
    ],
  ])('takes nothing where %s', async (_, prepare) => {
    await prepare();
    expect(await read()).toMatchObject({ ok: false, error: { code: 'file.serverLogs' } });
  });

  it('shows what people said at a host in plain characters, whoever wrote the log', async () => {
    await lay('hsm-a', [started(0), killed(1, '\u001b[2J all is well', 'ada\u202e')]);
    await lay('hsm-b', EVENTS);
    await read();
    const [first] = value(await logsOfServers(record.context()));
    expect(first?.spans[0]?.pulls[0]).toMatchObject({ who: 'ada', why: '[2J all is well' });
  });

  it('cannot be asked for what was not taken in', async () => {
    expect(await logsOfServers(record.context())).toMatchObject({ ok: false, error: { code: 'ceremony.notNow' } });
  });
});

describe('request ids of a ceremony', () => {
  it('are found wherever an act has them', () => {
    const data = {
      a: { calls: [{ requestId: '1', ok: true }, { requestId: '' }] },
      b: { requestIds: ['2', '3'], requestId: '4' },
    };
    expect([...requestIdsIn(data)].toSorted()).toEqual(['1', '2', '3', '4']);
  });
});
