import { plainText } from '../control/act';
import type { ProxyStatus } from '../contract/proxy-status';
import { isServing } from '../contract/serving';
import { columns, ink } from './output';

const DAY_MS = 86_400_000;
/** AWS's advice is an alarm below 10 days (XksProxyCertificateDaysToExpire); people need some to act in. */
const CERTIFICATE_WARNING_DAYS = 30;

/** `keyrite status` for people: what counts most first, in capitals; then a table. */
export function statusReport(status: ProxyStatus, now: Date, isTerminal: boolean): string {
  const rows = [...latchRows(status), ...hsmRows(status), ...keyRows(status), ...outsideRows(status, now), ...recordRows(status)];
  const table = columns(rows.map(([name, value]) => [name, plainText(value)]));
  return [headline(status, isTerminal), '', ...table].join('\n');
}

function headline(status: ProxyStatus, isTerminal: boolean): string {
  const { killed, restart } = status.latch;
  if (killed) return ink('red', restart === 'unknown' ? 'KILLED, BUT MAYBE NOT AFTER A RESTART' : 'KILLED', isTerminal);
  return isServing(status) ? ink('green', 'ARMED, SERVING', isTerminal) : ink('red', 'ARMED, BUT NOT SERVING', isTerminal);
}

type Rows = [string, string][];

const HSM_WORDS: Readonly<Record<ProxyStatus['hsm']['condition'], string>> = {
  starting: 'starting',
  serving: 'serving',
  recovering: 'recovering',
  loginRefused: 'PIN REFUSED',
  loggedOut: 'LOGGED OUT',
  killed: 'killed',
  stopped: 'stopped',
};

function latchRows({ latch: { killed, by, why, at, problem, blocks } }: ProxyStatus): Rows {
  const said = (by: string, why: string) => `by ${by || 'somebody'}${why === '' ? '' : `: ${why}`}`;
  return [
    ['Latch', `${killed ? 'killed' : 'armed'} since ${at} ${said(by, why)}`],
    ...some('', problem),
    ...blocks.map(({ key, by, why, at }, i): [string, string] => [
      i === 0 ? 'Blocked' : '',
      `${key} since ${at} ${said(by, why)}`,
    ]),
  ];
}

function hsmRows({ hsm: { condition, loggedOut, problem, sessions, queued, token, counts }, health }: ProxyStatus): Rows {
  const hung = sessions.hung === 0 ? '' : `, ${sessions.hung} hung`;
  return [
    ['HSM', HSM_WORDS[condition]],
    ...some('', problem),
    ...some('', condition === 'loginRefused' ? 'Correct the PIN, then say keyrite login.' : ''),
    ...some('', loggedOut === 'no' ? '' : 'It wants its PIN again: keyrite login.'),
    ...some('Token', token === null ? '' : `${token.label} (serial ${token.serial}, ${token.manufacturer} ${token.model})`),
    ['Sessions', `${sessions.ready} of ${sessions.wanted} ready, ${sessions.busy} busy${hung}; ${queued} waiting`],
    [
      'Since start',
      `${counts.timeouts} late, ${counts.throttled} throttled, ${counts.workersReplaced} workers replaced, ${counts.logins} logins`,
    ],
    ['Health', `${health.state}${health.at === null ? '' : ` at ${health.at}`}`],
    // mostly the same sentence: once is enough
    ...some('', health.problem === problem ? '' : health.problem),
  ];
}

function keyRows({ keys: { named, problems } }: ProxyStatus): Rows {
  const bad = problems.length === 0 ? '' : `, ${problems.length} CANNOT BE USED`;
  return [['Keys', `${named} named${bad}`], ...problems.flatMap(({ key, problem }) => some('', `${key}: ${problem}`))];
}

function outsideRows({ requests, listeners, certificate, stores, credentials }: ProxyStatus, now: Date): Rows {
  const { count, errors, p50Ms, p99Ms } = requests;
  const times = p50Ms === null || p99Ms === null ? '' : `; half within ${p50Ms} ms, 99 % within ${p99Ms} ms`;
  return [
    ['Last minute', `${count} requests, ${errors} errors${times}`],
    ...listeners.map(({ name, address }): [string, string] => [`Listens (${name})`, address]),
    ['Certificate', certificate === null ? 'none: plain HTTP' : certificateText(certificate)],
    ...stores.map(({ name, uriPath, region }, i): [string, string] => [
      i === 0 ? 'Key stores' : '',
      `${name}: ${uriPath}, called from ${region}`,
    ]),
    ...credentials.map((one, i): [string, string] => [i === 0 ? 'Credentials' : '', credentialText(one, now)]),
  ];
}

function certificateText({ daysLeft, notAfter }: NonNullable<ProxyStatus['certificate']>): string {
  if (daysLeft < 0) return `EXPIRED on ${notAfter}`;
  return `${Math.floor(daysLeft)} days left, until ${notAfter}${daysLeft < CERTIFICATE_WARNING_DAYS ? ': RENEW IT' : ''}`;
}

function credentialText({ store, accessKeyId, since, lastUsed }: ProxyStatus['credentials'][number], now: Date): string {
  const age =
    since === null ? 'of unknown age' : `${Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / DAY_MS))} days old`;
  return `${accessKeyId} (${store}): ${age}, ${lastUsed === null ? 'not used since start' : `last used ${lastUsed}`}`;
}

function recordRows({ audit, lastReload, version, pid, uptimeSeconds }: ProxyStatus): Rows {
  const reload = lastReload === null ? '' : `${lastReload.ok ? 'done' : 'REFUSED'} ${lastReload.at}`;
  return [
    ['Audit log', `${audit.isWritable ? 'written' : 'NOT WRITABLE'}; next event ${audit.seq}, head ${audit.head}`],
    ...some('', audit.problem),
    ...some('Last reload', reload),
    ...(lastReload?.problem ?? '').split(/\s*\n\s*/).flatMap((line) => some('', line)),
    ['Proxy', `keyrite ${version}, process ${pid}, up ${duration(uptimeSeconds)}`],
  ];
}

function some(name: string, value: string): Rows {
  return value === '' ? [] : [[name, value]];
}

function duration(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  return days > 0
    ? `${days} d ${hours} h`
    : hours > 0
      ? `${hours} h ${minutes} min`
      : `${minutes} min ${Math.floor(seconds) % 60} s`;
}
