import { failure, type Failure } from '../contract/result';
import { AT_REST, LIMITS, type Order, type Standing, type Step, type SupervisionEvent } from './standing';

type Of<W extends SupervisionEvent['what']> = Extract<SupervisionEvent, { readonly what: W }>;
type Rules = { readonly [W in SupervisionEvent['what']]: (now: Standing, event: Of<W>, at: number) => Step };

function step(standing: Standing, ...orders: readonly Order[]): Step {
  return { standing, orders };
}

/** Nothing of ours runs after this, and nothing is waited for. */
function atRest(now: Standing, phase: 'stopped' | 'failed' | 'attached', problem: Failure | null): Standing {
  return { ...AT_REST, phase, problem, isKilling: now.isKilling, restarts: now.restarts };
}

function launch(now: Standing, at: number): Step {
  // Until the latch of a kill is written, a proxy that starts would read the old one.
  if (now.isKilling) return step({ ...now, phase: 'waiting', dueAt: null });
  const fresh = { isAlive: true, isEnding: false, isAsked: false, verdict: null, isBeatOpen: false, missed: 0 };
  return step({ ...now, ...fresh, phase: 'starting', dueAt: at + LIMITS.readyMs }, 'start');
}

/** A person's start begins a new count of restarts. */
function startedByPerson(now: Standing, at: number): Step {
  if (now.phase === 'attached') return step(now);
  const wanted: Standing = { ...now, isWanted: true, problem: null, restarts: [] };
  if (!now.isAlive) return launch(wanted, at);
  if (now.phase === 'stopping' || now.isEnding) return step({ ...wanted, phase: 'stopping', verdict: null });
  return step({ ...wanted, phase: 'stopping', verdict: null, dueAt: at + LIMITS.drainMs }, 'drain');
}

function stoppedByPerson(now: Standing, at: number): Step {
  if (now.phase === 'attached') return step(now);
  if (!now.isAlive) return step(atRest(now, 'stopped', null), 'forgetPin');
  const stopping: Standing = { ...now, phase: 'stopping', isWanted: false, verdict: null };
  if (now.phase === 'stopping' || now.isEnding) return step(stopping);
  return step({ ...stopping, dueAt: at + LIMITS.drainMs }, 'drain');
}

/** SIGKILL. What is waited for from here on is the end alone. */
function ended(now: Standing, change: Partial<Standing> = {}): Step {
  const ending: Standing = { ...now, ...change, isEnding: true, dueAt: null };
  return now.isAlive && !now.isEnding ? step(ending, 'end') : step({ ...now, ...change });
}

function crashed(now: Standing, problem: Failure, at: number): Step {
  const counted = now.restarts.filter((then) => then > at - LIMITS.windowMs);
  if (counted.length >= LIMITS.restarts) return step(atRest({ ...now, restarts: counted }, 'failed', problem), 'forgetPin');
  const waitMs = LIMITS.backOffMs[counted.length] ?? 0;
  const next: Standing = { ...now, problem, restarts: [...counted, at] };
  return waitMs === 0 ? launch(next, at) : step({ ...next, phase: 'waiting', dueAt: at + waitMs });
}

/** Another program's process: our PIN is of no use to it. */
function attached(now: Standing): Step {
  return step(atRest(now, 'attached', null), 'forgetPin');
}

function exited(before: Standing, { how, problem }: Of<'exited'>, at: number): Step {
  if (!before.isAlive) return step(before);
  const now: Standing = { ...before, isAlive: false, isEnding: false, isBeatOpen: false, missed: 0, dueAt: null };
  if (now.verdict?.code === 'proxy.alreadyRunning') {
    // A kill writes the latch under the same lock: then it was ourselves who had it.
    return now.isKilling && now.isWanted ? launch({ ...now, verdict: null }, at) : attached(now);
  }
  if (now.verdict !== null) return step(atRest(now, 'failed', now.verdict), 'forgetPin');
  if (!now.isWanted) return step(atRest(now, 'stopped', null), 'forgetPin');
  if (now.phase === 'stopping' || now.isAsked) return launch(now, at);
  if (how === 'unusable') return step(atRest(now, 'failed', problem), 'forgetPin');
  // Somebody else asked it to stop, and it did as it was told.
  if (how === 'done') return step(atRest(now, 'stopped', null), 'forgetPin');
  return crashed(now, now.problem ?? problem, at);
}

function beatDue(now: Standing, at: number): Step {
  const next = { ...now, isBeatOpen: true, dueAt: at + LIMITS.beatMs };
  const isLate = at - (now.dueAt ?? at) > LIMITS.lateMs;
  if (!now.isBeatOpen || isLate) return step({ ...next, missed: isLate ? 0 : now.missed }, 'beat');
  const missed = now.missed + 1;
  if (missed >= LIMITS.endedAfter) {
    return ended(now, { phase: 'unresponsive', missed, problem: failure('proxy.unresponsive').error });
  }
  return step({ ...next, missed, phase: missed >= LIMITS.unresponsiveAfter ? 'unresponsive' : now.phase }, 'beat');
}

function due(now: Standing, at: number): Step {
  // A timer of before: what it was for has changed.
  if (now.dueAt === null || at < now.dueAt) return step(now);
  if (now.phase === 'starting') return ended(now, { problem: failure('proxy.notReady').error });
  if (now.phase === 'stopping') return ended(now);
  if (now.phase === 'waiting') return launch(now, at);
  return now.isAlive ? beatDue(now, at) : step({ ...now, dueAt: null });
}

function ready(now: Standing, at: number): Step {
  if (now.phase !== 'starting' || now.isEnding) return step(now);
  return step({ ...now, phase: 'ready', problem: null, isBeatOpen: true, missed: 0, dueAt: at + LIMITS.beatMs }, 'beat');
}

/** The PIN is tried once. Whatever ends the process from here on, it is not started again with it. */
function loginRefused(now: Standing, problem: Failure, at: number): Step {
  if (!now.isAlive) return step(now);
  const refused: Standing = { ...now, isWanted: false, verdict: problem, phase: 'stopping' };
  return now.isEnding ? step(refused, 'forgetPin') : step({ ...refused, dueAt: at + LIMITS.drainMs }, 'forgetPin', 'drain');
}

/**
 * A process that did not say so itself is not believed to be killed, and is ended; what starts next reads the latch. Where the latch
 * does not hold, nothing is started any more: it could come up armed.
 */
function killed(before: Standing, { isAcknowledged, unkept }: Of<'killed'>, at: number): Step {
  const now: Standing = { ...before, isKilling: false, verdict: unkept ?? (isAcknowledged ? before.verdict : null) };
  if (now.isAlive) return isAcknowledged ? step(now) : ended(now, { isAsked: true });
  if (unkept !== null && now.isWanted) return step(atRest(now, 'failed', unkept), 'forgetPin');
  return now.phase === 'waiting' && now.dueAt === null ? launch(now, at) : step(now);
}

function woke(now: Standing, at: number): Step {
  if (now.phase === 'waiting' && now.dueAt !== null) return launch(now, at);
  if ((now.phase !== 'ready' && now.phase !== 'unresponsive') || now.isEnding) return step(now);
  return step({ ...now, missed: 0, isBeatOpen: true, dueAt: at + LIMITS.beatMs }, 'beat');
}

function answered(now: Standing): Step {
  const phase = now.phase === 'unresponsive' && !now.isEnding ? 'ready' : now.phase;
  return step({ ...now, phase, isBeatOpen: false, missed: 0 });
}

const RULES: Rules = {
  start: (now, _, at) => startedByPerson(now, at),
  stop: (now, _, at) => stoppedByPerson(now, at),
  kill: (now) => step({ ...now, isKilling: true }),
  killed,
  crash: (now) => ended(now, now.isAlive ? { isAsked: true } : {}),
  ready: (now, _, at) => ready(now, at),
  refused: (now, { problem }) => step(now.isAlive && now.phase !== 'stopping' ? { ...now, verdict: problem } : now),
  loginRefused: (now, { problem }, at) => loginRefused(now, problem, at),
  exited,
  answered,
  due: (now, _, at) => due(now, at),
  woke: (now, _, at) => woke(now, at),
  attached: (now) => (now.isAlive || now.phase === 'waiting' ? step(now) : attached(now)),
  freed: (now) => step(now.phase === 'attached' ? atRest(now, 'stopped', null) : now),
};

/**
 * The rules of supervision, without a process, a timer or a clock: where it stands and what happened lead to where it stands next
 * and what is to be done, in this order.
 * @param at milliseconds of a clock that only goes forward
 */
export function supervise(now: Standing, event: SupervisionEvent, at: number): Step {
  const rule = RULES[event.what] as (now: Standing, event: SupervisionEvent, at: number) => Step;
  return rule(now, event, at);
}
