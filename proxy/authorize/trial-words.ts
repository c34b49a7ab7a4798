import { printable } from '../../core/xks/errors';
import type { AuthorizationVerdict } from './authorizer';
import type { AuthorizationQuery } from './query';
import type { Change, Replay } from './replay';

/** Why a trial could not be made. */
export interface TrialProblem {
  /** a file, with line and column where they are known */
  readonly where: string;
  readonly problem: string;
  readonly remedy: string;
}

/** More rows than a person reads. */
const ROWS = 50;

function count(n: number, what: string): string {
  return n === 1 ? `1 ${what}` : `${n} ${what}s`;
}

const requests = (n: number): string => count(n, 'request');

/** Columns two spaces apart, the first one right-aligned, the last one not padded. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const cell = (text: string, i: number): string => (i === 0 ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0));
  return rows.map((row) => `  ${row.map(cell).join('  ').trimEnd()}`).join('\n');
}

/** Texts of a log are texts of others: nothing in them may repaint a terminal. */
function row({ requests: n, was, becomes, kmsOperation, store, keyId, policy, caller }: Change): readonly string[] {
  return [n.toString(), `${was} -> ${becomes}`, kmsOperation, `${store}/${keyId}`, policy, caller].map(printable);
}

function changesTable({ changes, unlisted }: Replay): string {
  const rest = changes.slice(ROWS).reduce((total, { requests: n }) => total + n, unlisted);
  const more = rest === 0 ? '' : `\n  ... and ${requests(rest)} in further rows: --json lists more of them.`;
  const heads = ['requests', 'change', 'operation', 'key', 'policy', 'caller'];
  return table([heads, ...changes.slice(0, ROWS).map(row)]) + more;
}

function notJudgedText({ notJudged: { health, refusedBefore, otherEvents, unreadable } }: Replay): string {
  const parts = [
    health === 0 ? '' : `${requests(health)} for health, which is exempt`,
    refusedBefore === 0 ? '' : `${requests(refusedBefore)} refused before anybody was asked`,
    otherEvents === 0 ? '' : `${count(otherEvents, 'event')} of another kind`,
    unreadable === 0
      ? ''
      : `${count(unreadable, 'line')} that could not be read (keyrite verify --audit says what is wrong with a log)`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `Not judged: ${parts.join('; ')}.`;
}

/** What a replay found, for people: the answer first, then the table, then what was left out. */
export function replayWords(replay: Replay): string {
  const { judged, allowedToDenied, deniedToAllowed, since, until } = replay;
  const time = `${requests(judged)} from ${printable(since)} to ${printable(until)} were put to the policy.`;
  const changed = allowedToDenied + deniedToAllowed;
  if (changed === 0) return [`Nothing would change. ${time}`, notJudgedText(replay)].filter((part) => part !== '').join('\n\n');
  const answer =
    `With this policy ${requests(changed)} would be answered differently: ` +
    `${allowedToDenied} that were allowed would be denied, ${deniedToAllowed} that were denied would be allowed. ${time}`;
  return [answer, changesTable(replay), notJudgedText(replay)].filter((part) => part !== '').join('\n\n');
}

function because({ allowed, policy }: AuthorizationVerdict): string {
  if (allowed) return `ALLOWED by ${policy}.`;
  if (policy === 'default-deny') return 'DENIED: no policy permits it (default-deny).';
  return policy === 'fault' ? 'DENIED: the policy fails on this request (fault).' : `DENIED by ${policy}.`;
}

/** What the policy could not be told, for the person who wonders about the answer. */
function blanks({ api, store, keyId, kmsKeyArn }: AuthorizationQuery): readonly string[] {
  return [
    ...(store === '' ? ['No "store" in the file: policies see "" for resource.store.'] : []),
    ...(keyId === '' ? ['No "keyId" in the file: policies see "" for resource.keyId.'] : []),
    ...(kmsKeyArn === '' && api !== 'GetKeyMetadata'
      ? ['No "kmsKeyArn" in the file, which KMS always sends here: policies see "" for it, its account and its Region.']
      : []),
  ];
}

/** What a policy says of one request, for people: the answer first, then what was asked. */
export function verdictWords(query: AuthorizationQuery, verdict: AuthorizationVerdict): string {
  const rows = Object.entries(query).filter(([, value]) => value !== '');
  const asked = rows.map(([name, value]) => `  ${name.padEnd(13)}${printable(value as string)}`);
  return [because(verdict), asked.join('\n'), blanks(query).join('\n')].filter((part) => part !== '').join('\n\n');
}

export function problemWords({ where, problem, remedy }: TrialProblem): string {
  return `${where}: ${problem} ${remedy}`;
}
