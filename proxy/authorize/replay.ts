import type { PolicyChange } from '../../core/contract/proxy-policy';
import { z } from 'zod';
import { XKS_APIS } from '../../core/xks/uri';
import type { Authorizer } from './authorizer';

const text = z.string().default('');

/** A line of the audit log, as far as it is needed here. Lenient: older and newer lines are welcome, and the chain is not judged. */
const requestLine = z.object({
  at: text,
  type: z.literal('request'),
  data: z.object({
    api: z.enum(XKS_APIS).nullable(),
    caller: z.string(),
    kmsOperation: z.string(),
    outcome: z.string(),
    store: text,
    keyId: text,
    kmsKeyArn: text,
    via: text,
    vpc: text,
    vpce: text,
    policy: text,
  }),
});

type LoggedRequest = z.infer<typeof requestLine>['data'];

/** Refusals that come before anybody is asked for authorization (or may; then nothing is known). */
const REFUSED_BEFORE: ReadonlySet<string> = new Set([
  'AuthenticationFailedException',
  'InvalidUriPathException',
  'InvalidStateException',
  'KeyNotFoundException',
  'ValidationException',
]);

/** Requests that have all of this in common and would be answered differently. */
export interface Change extends Omit<PolicyChange, 'requests'> {
  readonly was: 'allowed' | 'denied';
  readonly becomes: 'allowed' | 'denied';
  requests: number;
}

export interface Replay {
  judged: number;
  allowedToDenied: number;
  deniedToAllowed: number;
  /** times of the first and last request judged, '' without one */
  since: string;
  until: string;
  /** most requests first, once `finished` */
  changes: readonly Change[];
  /** of changes that are counted, but not among `changes` */
  unlisted: number;
  readonly notJudged: { health: number; refusedBefore: number; otherEvents: number; unreadable: number };
}

/** Different changes that are kept apart. A log of callers with a session name each must not fill the memory. */
const CHANGES_LIMIT = 10_000;

export interface Replaying {
  /** one line of a log, without its newline */
  readonly line: (line: string) => void;
  /** a line that could not be read as text */
  readonly fault: () => void;
  /** requests judged so far */
  readonly judged: () => number;
  readonly finished: () => Replay;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

function isOtherEvent(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string' && value.type !== 'request'
  );
}

/** Asks an authorizer what it would have said to the requests of a log, and counts what would be different. */
export function replayLog(authorizer: Authorizer): Replaying {
  const changes = new Map<string, Change>();
  const notJudged = { health: 0, refusedBefore: 0, otherEvents: 0, unreadable: 0 };
  const replay: Replay = {
    judged: 0,
    allowedToDenied: 0,
    deniedToAllowed: 0,
    since: '',
    until: '',
    changes: [],
    unlisted: 0,
    notJudged,
  };

  function count(change: Omit<Change, 'requests'>): void {
    replay[change.becomes === 'denied' ? 'allowedToDenied' : 'deniedToAllowed'] += 1;
    const key = JSON.stringify(change);
    const known = changes.get(key);
    if (known) known.requests += 1;
    else if (changes.size < CHANGES_LIMIT) changes.set(key, { ...change, requests: 1 });
    else replay.unlisted += 1;
  }

  function judge(at: string, { api, outcome, policy: wasPolicy, ...request }: LoggedRequest): void {
    if (api === 'GetHealthStatus') notJudged.health += 1;
    else if (api === null || (wasPolicy === '' && REFUSED_BEFORE.has(outcome))) notJudged.refusedBefore += 1;
    else {
      replay.judged += 1;
      if (replay.since === '' || at < replay.since) replay.since = at;
      if (at > replay.until) replay.until = at;
      const { allowed, policy } = authorizer.decide({ api, ...request });
      const was = outcome === 'AccessDeniedException' ? 'denied' : 'allowed';
      const becomes = allowed ? 'allowed' : 'denied';
      const { caller, kmsOperation, store, keyId } = request;
      if (was !== becomes) count({ was, becomes, caller, kmsOperation, store, keyId, policy, wasPolicy });
    }
  }

  return {
    line: (line) => {
      const value = parse(line);
      const read = requestLine.safeParse(value);
      if (read.success) judge(read.data.at, read.data.data);
      else notJudged[isOtherEvent(value) ? 'otherEvents' : 'unreadable'] += 1;
    },
    fault: () => void (notJudged.unreadable += 1),
    judged: () => replay.judged,
    finished: () => ({ ...replay, changes: [...changes.values()].sort((a, b) => b.requests - a.requests) }),
  };
}
