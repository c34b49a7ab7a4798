import { z } from 'zod';
import { failure, success, type Result } from '../../contract/result';
import type { CeremonyState } from '../../ceremony/state';
import { plainText } from '../../control/act';
import { canonical, type Json } from '../../evidence/canonical';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { AuditCheck } from '../../pack/audit-check';
import { serverLog, type ServerLog } from '../../pack/logged-host';
import { readServerLog, type ServerLogReading } from '../../pack/server-log';
import { check, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { eachHost } from './each-host';
import { ownArtefact } from './own-artefact';
import { hostsOn, type HostFolder } from './servers-medium';
import { reachChecks, watchBlocks } from './servers-reach';
import { fleetSizeOf } from './store-plan';

/**
 * Takes in the logs that people copied from the servers, each in a folder named like its host, and proves every one of them. What
 * later acts need is kept in the evidence: kills and armings, the lines of the calls that this ceremony made, and which access key id
 * was used when. A log that does not hold ends the act: nothing of it would be worth more than its damaged place.
 */
export const serversReadLogs: Act = async (context) => {
  const medium = await context.medium('back');
  if (!medium.ok) return medium;
  const hosts = await hostsOn(medium.value, 'servers');
  if (!hosts.ok) return hosts;
  const read = await readAll(context, hosts.value);
  if (!read.ok) return read;
  const logs = read.value.map(({ log }) => printable(log));
  const checks = [
    fleetCheck(logs, context.state),
    distinctCheck(read.value),
    goesOnCheck(read.value, anchorsOf(context.state)),
    wholeCheck(read.value),
    ...reachChecks(context, logs, usesOf(context.state)),
  ];
  // copies that failed are nothing that better ones could be held against
  const anchors = checks.every(({ ok }) => ok)
    ? logs.map(({ host, lastSeq, head }) => ({ host, seq: lastSeq, head }))
    : anchorsOf(context.state);
  return success(
    outcome({
      data: {
        hosts: logs.map(({ host, head, events, firstAt, lastAt }) => ({ host, head, events, firstAt, lastAt })),
        anchors: anchors.map((one) => ({ ...one })),
      },
      checks,
      show: [logsTable(logs), notesTable(read.value), ...watchBlocks(context.state, logs)],
      artefacts: [jsonArtefact('server-logs.json', canonical({ format: 'keyrite-server-logs-1', logs: [...logs] as Json }))],
    }),
  );
};

async function readAll(context: ActContext, hosts: readonly HostFolder[]): Promise<Result<readonly ServerLogReading[]>> {
  const requestIds = requestIdsIn(context.state.data);
  const anchors = anchorsOf(context.state);
  const readings: ServerLogReading[] = [];
  for (const { host, folder } of hosts) {
    context.tell(`${host}, ${readings.length + 1} of ${hosts.length}.`);
    const anchor = anchors.find((one) => one.host === host) ?? null;
    const reading = await readServerLog(folder, host, { requestIds, anchor });
    if (!reading.check.ok) return damaged(host, reading.check);
    readings.push(reading);
  }
  return success(readings);
}

/** The uses that must have reached a proxy: AWS KMS said that they went well. Those of a drill may have been refused on the way. */
function usesOf({ data }: CeremonyState): ReadonlySet<string> {
  const acts = ['aws.proveStore', 'store.before', 'store.after'] as const;
  return requestIdsIn(acts.map((act) => data[act] ?? {}));
}

const anchor = z.strictObject({ host: z.string(), seq: z.int(), head: z.string() });

/** Where each log ended when it was taken in before, in this ceremony: whoever can write it could write a new one meanwhile. */
function anchorsOf({ data }: CeremonyState): readonly z.infer<typeof anchor>[] {
  const known = z.array(anchor).safeParse(data['servers.readLogs']?.['anchors']);
  return known.success ? known.data : [];
}

/** What people said at a host is read here on screens and in terminals: a log may be somebody's own work. */
function printable(log: ServerLog): ServerLog {
  const mended = (said: ServerLog['reloads'][number]) => ({ ...said, who: plainText(said.who), why: plainText(said.why) });
  return {
    ...log,
    spans: log.spans.map((span) => ({ ...span, pulls: span.pulls.map(mended), armed: span.armed && mended(span.armed) })),
    reloads: log.reloads.map(mended),
    blocked: log.blocked.map(plainText),
  };
}

function damaged(host: string, { exitCode, summary, problems }: AuditCheck): Result<never> {
  const [first] = problems;
  if (first === undefined || exitCode === 2) return failure('file.serverLogs', { host, problem: summary });
  return failure('file.damaged', { host, file: first.file, line: first.line ?? 0, what: first.what });
}

/** Every request id of AWS KMS that the acts of this ceremony have in the record. */
export function requestIdsIn(data: CeremonyState['data'] | Json): ReadonlySet<string> {
  const found = new Set<string>();
  const look = (value: unknown, name: string): void => {
    if (typeof value === 'string' && value !== '' && (name === 'requestId' || name === 'requestIds')) found.add(value);
    else if (Array.isArray(value)) for (const one of value) look(one, name);
    else if (typeof value === 'object' && value !== null) for (const [key, one] of Object.entries(value)) look(one, key);
  };
  look(data, '');
  return found;
}

/** As many as planned, and the very hosts whose settings were taken in: another host's log says nothing of the one that is left out. */
function fleetCheck(logs: readonly ServerLog[], state: CeremonyState): Check {
  const planned = fleetSizeOf(state);
  const hosts = logs.map(({ host }) => host);
  const settled = z.array(z.string()).safeParse(state.data['servers.readSettings']?.['hosts']);
  const named = settled.success ? settled.data : hosts;
  const others = hosts.filter((host) => !named.includes(host));
  const missing = named.filter((host) => !hosts.includes(host));
  const got = [
    `${counted(hosts.length)}: ${hosts.join(', ')}`,
    ...(others.length > 0 ? [`settings came from none named ${others.join(', ')}`] : []),
    ...(missing.length > 0 ? [`no log of ${missing.join(', ')}`] : []),
  ];
  const ok = hosts.length === planned && others.length === 0 && missing.length === 0;
  return check('CER-SERVERS-FLEET', ok, counted(planned), got.join('; '));
}

function counted(hosts: number): string {
  return hosts === 1 ? '1 host' : `${hosts} hosts`;
}

/** A host is judged by its last kills and armings: a copy that begins behind them, or has one that nobody can read, says nothing of it. */
function wholeCheck(readings: readonly ServerLogReading[]): Check {
  const hosts = readings.map(({ log, lacks }) => ({ host: log.host, lacks }));
  return eachHost('CER-SERVERS-WHOLE', 'each says all that counts', hosts, ({ lacks }) => lacks.length > 0 && lacks.join(', '));
}

/**
 * The log of one host under the names of two would hide the other: its starts, kills and armings are in no other log, and none goes on
 * where another ends.
 */
function distinctCheck(readings: readonly ServerLogReading[]): Check {
  const wanted = 'each log another one';
  const hostOf = new Map<string, string>();
  const twins = new Set<string>();
  for (const { log, marks } of readings) {
    for (const mark of [...marks, log.head]) {
      const other = hostOf.get(mark);
      if (other !== undefined && other !== log.host) twins.add(`${other} and ${log.host} have the same events`);
      hostOf.set(mark, log.host);
    }
  }
  for (const { log, goesOnFrom } of readings) {
    const other = hostOf.get(goesOnFrom);
    if (other !== undefined && other !== log.host) twins.add(`${log.host} goes on from an event of ${other}`);
  }
  return check('CER-SERVERS-DISTINCT', twins.size === 0, wanted, [...twins].join('; ') || wanted);
}

function goesOnCheck(readings: readonly ServerLogReading[], anchors: readonly z.infer<typeof anchor>[]): Check {
  const wanted = 'each goes on from where it was read before';
  const broken = readings.filter(({ goesOn }) => !goesOn).map(({ log }) => log.host);
  const old = readings.filter(
    ({ log, goesOn }) => goesOn && anchors.some(({ host, seq }) => host === log.host && seq >= log.lastSeq),
  );
  const gone = anchors.map(({ host }) => host).filter((host) => !readings.some(({ log }) => log.host === host));
  const wrong = [
    ...broken.map((host) => `${host} does not`),
    ...old.map(({ log }) => `${log.host} has no event since`),
    ...gone.map((host) => `${host} is not there any more`),
  ];
  return check('CER-SERVERS-GOES-ON', wrong.length === 0, wanted, wrong.join('; ') || wanted);
}

function logsTable(logs: readonly ServerLog[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Logs of the servers, each proven',
    columns: ['Host', 'Events', 'From', 'To', 'Its calls of this ceremony', 'Head'],
    rows: logs.map(({ host, firstSeq, lastSeq, firstAt, lastAt, requests, head }) => [
      host,
      `${firstSeq} to ${lastSeq}`,
      firstAt,
      lastAt,
      String(requests.length),
      head,
    ]),
    empty: 'None.',
  };
}

/** What is no flaw, and may be what somebody did: a clock that went back, events or a damaged file that are not in the copy. */
function notesTable(readings: readonly ServerLogReading[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Worth knowing of them',
    columns: ['Host', 'File', 'What'],
    rows: readings.flatMap(({ log, check: { notes } }) =>
      notes.map(({ file, what }) => [log.host, plainText(file), plainText(what)]),
    ),
    empty: 'Nothing.',
  };
}

const kept = z.strictObject({ format: z.literal('keyrite-server-logs-1'), logs: z.array(serverLog) });

/** The logs as they were taken in last, from the evidence. `ceremony.notNow`: they were not taken in yet. */
export async function logsOfServers(context: Pick<ActContext, 'state' | 'packFolder'>): Promise<Result<readonly ServerLog[]>> {
  if (context.state.data['servers.readLogs'] === undefined) return failure('ceremony.notNow', { waitingFor: 'readLogs' });
  const bytes = await ownArtefact(context, 'servers.readLogs');
  if (!bytes.ok) return bytes;
  return success(kept.parse(JSON.parse(new TextDecoder().decode(bytes.value))).logs);
}

/** One line of a server's log, with the host that wrote it. */
export type ServerLine = ServerLog['requests'][number] & { readonly host: string };

/** The lines that the calls of this ceremony led to, host by host. */
export async function linesOfServers(context: Pick<ActContext, 'state' | 'packFolder'>): Promise<Result<readonly ServerLine[]>> {
  const logs = await logsOfServers(context);
  return logs.ok ? success(logs.value.flatMap(({ host, requests }) => requests.map((line) => ({ ...line, host })))) : logs;
}
