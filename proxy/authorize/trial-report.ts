import { TRIAL_PROBLEMS, TRIAL_ROWS, type PolicyTrialOrder } from '../../core/contract/policy-trial';
import type { PolicyChanges, PolicyTextProblem, PolicyTrial } from '../../core/contract/proxy-policy';
import { errnoOf } from '../../core/pack/disk-failure';
import { printable } from '../../core/xks/errors';
import type { SettingsRemark } from '../settings/settings';
import { authorizerOf, type Authorizer } from './authorizer';
import { newestLines, type Reach } from './newest-lines';
import { replayLog, type Change, type Replay } from './replay';

/** What a replay may cost. */
interface Limits {
  /** of judging, ms */
  readonly ms: number;
  /** read of the log; a quiet log of health and control events has few requests in it */
  readonly bytes: number;
}

const LIMITS: Limits = { ms: 10_000, bytes: 256 * 1024 * 1024 };

/** Longer than what any honest sentence of the engine is. */
const SENTENCE = 1000;

function problemOf({ key, problem, remedy }: SettingsRemark): PolicyTextProblem {
  const place = /:(\d+):(\d+)$/.exec(key);
  return {
    at: place === null ? null : { line: Number(place[1]), column: Number(place[2]) },
    problem: problem.slice(0, SENTENCE),
    remedy: remedy.slice(0, SENTENCE),
  };
}

function changesTo(becomes: Change['becomes'], requests: number, changes: readonly Change[]): PolicyChanges {
  const rows = changes
    .filter((change) => change.becomes === becomes)
    .slice(0, TRIAL_ROWS)
    .map(({ requests: n, caller, kmsOperation, store, keyId, policy, wasPolicy }) => ({
      requests: n,
      caller: printable(caller),
      kmsOperation: printable(kmsOperation),
      store: printable(store),
      keyId: printable(keyId),
      policy: printable(policy),
      wasPolicy: printable(wasPolicy),
    }));
  return { requests, rows, unlisted: requests - rows.reduce((sum, { requests: n }) => sum + n, 0) };
}

function report({ policies }: Authorizer, replay: Replay, reach: Reach): PolicyTrial {
  const { judged, since, until, changes, allowedToDenied, deniedToAllowed, notJudged } = replay;
  return {
    kind: 'replayed',
    policies: policies.length,
    replay: {
      judged,
      since: printable(since),
      until: printable(until),
      reach,
      refused: changesTo('denied', allowedToDenied, changes),
      allowed: changesTo('allowed', deniedToAllowed, changes),
      notJudged,
    },
  };
}

/**
 * Puts the newest requests of an audit folder to a policy text: what it would have answered differently, or what is wrong with it.
 * A folder that is not there yet is a log without requests. Ends by itself within `limits`; what was judged until then is told.
 */
export async function tryPolicyText(order: PolicyTrialOrder, limits: Limits = LIMITS): Promise<PolicyTrial> {
  const loaded = await authorizerOf(order.text, 'policy');
  if (!loaded.ok) return { kind: 'problems', problems: loaded.problems.slice(0, TRIAL_PROBLEMS).map(problemOf) };
  const replaying = replayLog(loaded.value);
  const until = performance.now() + limits.ms;
  try {
    const reach = await newestLines(order.audit, {
      line: replaying.line,
      fault: replaying.fault,
      isEnough: () => replaying.judged() >= order.newest,
      isTooMuch: (bytes) => bytes > limits.bytes || performance.now() > until,
    });
    return report(loaded.value, replaying.finished(), reach);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === '') throw error;
    if (errno === 'ENOENT') return report(loaded.value, replaying.finished(), 'whole');
    return { kind: 'noLog', problem: printable((error as Error).message) };
  }
}
