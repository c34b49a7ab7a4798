import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../core/contract/result';
import { supervise } from '../../../core/supervision/policy';
import { AT_REST, LIMITS, type Order, type Standing, type SupervisionEvent } from '../../../core/supervision/standing';

const CRASHED = failure('proxy.crashed', { reason: 'SIGSEGV' }).error;
const SETTINGS = failure('proxy.settings').error;
const REFUSED = failure('proxy.loginRefused').error;
const UNKEPT = failure('proxy.latchNotWritten').error;
const EXIT: SupervisionEvent = { what: 'exited', how: 'crash', problem: CRASHED };

/** A supervision that is told events at given times, and everything it ordered. */
function supervision() {
  let standing: Standing = AT_REST;
  let now = 1_000;
  const orders: Order[] = [];
  const tell = (event: SupervisionEvent, afterMs = 0): readonly Order[] => {
    now += afterMs;
    const step = supervise(standing, event, now);
    standing = step.standing;
    orders.push(...step.orders);
    return step.orders;
  };
  /** Lets time pass until what is waited for is due. */
  const due = (lateMs = 0): readonly Order[] => {
    now = Math.max(now, standing.dueAt ?? now);
    return tell({ what: 'due' }, lateMs);
  };
  return { tell, due, orders, standing: () => standing, wait: (ms: number) => (now += ms) };
}

function serving() {
  const it = supervision();
  it.tell({ what: 'start' });
  it.tell({ what: 'ready' });
  it.tell({ what: 'answered' });
  return it;
}

describe('the rules of supervision', () => {
  it('starts on a person’s word, and is ready when the process says so', () => {
    const one = supervision();
    expect(one.tell({ what: 'start' })).toEqual(['start']);
    expect(one.standing()).toMatchObject({ phase: 'starting', isAlive: true });
    expect(one.tell({ what: 'ready' }, 300)).toEqual(['beat']);
    expect(one.standing()).toMatchObject({ phase: 'ready', problem: null });
  });

  it('starts again at once after a first crash, later after the next ones, and gives up after five in ten minutes', () => {
    const one = serving();
    const waits: number[] = [];
    for (let n = 0; n < LIMITS.restarts; n++) {
      const orders = one.tell(EXIT);
      if (one.standing().phase === 'waiting') {
        waits.push(LIMITS.backOffMs[n] ?? 0);
        expect(one.due()).toEqual(['start']);
      } else expect(orders).toEqual(['start']);
      one.tell({ what: 'ready' });
    }
    expect(waits).toEqual([100, 500, 2_000, 5_000]);
    expect(one.tell(EXIT)).toEqual(['forgetPin']);
    expect(one.standing()).toMatchObject({ phase: 'failed', problem: CRASHED, isAlive: false, dueAt: null });
  });

  it('forgets crashes that lie more than ten minutes back', () => {
    const one = serving();
    for (let n = 0; n < 20; n++) {
      one.wait(LIMITS.windowMs / 4);
      one.tell(EXIT);
      if (one.standing().phase === 'waiting') one.due();
      one.tell({ what: 'ready' });
      expect(one.standing().phase).toBe('ready');
    }
  });

  it('does not start again what starting again cannot help', () => {
    const one = supervision();
    one.tell({ what: 'start' });
    one.tell({ what: 'refused', problem: SETTINGS });
    expect(one.tell({ what: 'exited', how: 'unusable', problem: CRASHED })).toEqual(['forgetPin']);
    expect(one.standing()).toMatchObject({ phase: 'failed', problem: SETTINGS });
  });

  it('ends a process that does not come up, and starts another', () => {
    const one = supervision();
    one.tell({ what: 'start' });
    expect(one.due()).toEqual(['end']);
    expect(one.tell(EXIT)).toEqual(['start']);
    expect(one.standing().problem?.code).toBe('proxy.notReady');
  });

  it('tells people of a process that does not answer, ends it after some more seconds, and takes it back where it answers', () => {
    const one = serving();
    one.due();
    for (let n = 0; n < LIMITS.unresponsiveAfter; n++) one.due();
    expect(one.standing().phase).toBe('unresponsive');
    one.tell({ what: 'answered' });
    expect(one.standing().phase).toBe('ready');
    one.due();
    for (let n = 1; n < LIMITS.endedAfter; n++) expect(one.due()).toEqual(['beat']);
    expect(one.due()).toEqual(['end']);
    expect(one.tell(EXIT)).toEqual(['start']);
  });

  it('does not take its own sleep for silence of the proxy', () => {
    const one = serving();
    one.due();
    for (let n = 0; n < 50; n++) expect(one.due(3_600_000)).toEqual(['beat']);
    expect(one.standing()).toMatchObject({ phase: 'ready', missed: 0 });
  });

  it('asks a process to stop, waits, and ends it', () => {
    const one = serving();
    expect(one.tell({ what: 'stop' })).toEqual(['drain']);
    expect(one.due()).toEqual(['end']);
    expect(one.tell(EXIT)).toEqual(['forgetPin']);
    expect(one.standing()).toMatchObject({ phase: 'stopped', problem: null });
  });

  it('tries a refused PIN once', () => {
    const one = serving();
    expect(one.tell({ what: 'loginRefused', problem: REFUSED })).toEqual(['forgetPin', 'drain']);
    one.tell({ what: 'exited', how: 'done', problem: CRASHED });
    expect(one.standing()).toMatchObject({ phase: 'failed', problem: REFUSED, isWanted: false });
  });

  it('starts a killed proxy again, which comes up killed, where it did not say itself that it is', () => {
    const one = serving();
    one.tell({ what: 'kill' });
    expect(one.tell({ what: 'killed', isAcknowledged: false, unkept: null })).toEqual(['end']);
    expect(one.tell(EXIT)).toEqual(['start']);
    expect(one.standing().restarts).toEqual([]);
  });

  it('starts nothing while a kill is under way, and nothing after one whose latch does not hold', () => {
    const one = serving();
    one.tell({ what: 'kill' });
    expect(one.tell(EXIT)).toEqual([]);
    expect(one.standing().phase).toBe('waiting');
    expect(one.tell({ what: 'killed', isAcknowledged: false, unkept: UNKEPT })).toEqual(['forgetPin']);
    expect(one.standing()).toMatchObject({ phase: 'failed', problem: UNKEPT });
  });

  it('starts again, and killed, where the kill had the lock that a starting process wanted', () => {
    const held = failure('proxy.alreadyRunning').error;
    const early = supervision();
    early.tell({ what: 'start' });
    early.tell({ what: 'kill' });
    early.tell({ what: 'refused', problem: held });
    expect(early.tell({ what: 'exited', how: 'unusable', problem: CRASHED })).toEqual([]);
    expect(early.tell({ what: 'killed', isAcknowledged: false, unkept: null })).toEqual(['start']);
    const late = supervision();
    late.tell({ what: 'start' });
    late.tell({ what: 'kill' });
    late.tell({ what: 'refused', problem: held });
    expect(late.tell({ what: 'killed', isAcknowledged: false, unkept: null })).toEqual(['end']);
    expect(late.tell({ what: 'exited', how: 'unusable', problem: CRASHED })).toEqual(['start']);
  });

  it('stands back where another process has the state folder', () => {
    const one = supervision();
    one.tell({ what: 'attached' });
    expect(one.tell({ what: 'start' })).toEqual([]);
    expect(one.standing().phase).toBe('attached');
    one.tell({ what: 'freed' });
    expect(one.standing().phase).toBe('stopped');
    expect(one.tell({ what: 'start' })).toEqual(['start']);
    one.tell({ what: 'refused', problem: failure('proxy.alreadyRunning').error });
    expect(one.tell({ what: 'exited', how: 'unusable', problem: CRASHED }), 'its PIN is not kept').toEqual(['forgetPin']);
    expect(one.standing().phase).toBe('attached');
  });
});

const anyEvent: fc.Arbitrary<SupervisionEvent> = fc.oneof(
  ...(['start', 'stop', 'kill', 'crash', 'ready', 'answered', 'due', 'woke', 'attached', 'freed'] as const).map((what) =>
    fc.constant({ what }),
  ),
  fc.record({
    what: fc.constant('killed' as const),
    isAcknowledged: fc.boolean(),
    unkept: fc.constantFrom(null, UNKEPT),
  }),
  fc.constant({ what: 'refused' as const, problem: SETTINGS }),
  fc.constant({ what: 'loginRefused' as const, problem: REFUSED }),
  fc.record({
    what: fc.constant('exited' as const),
    how: fc.constantFrom('done' as const, 'unusable' as const, 'crash' as const),
    problem: fc.constant(CRASHED),
  }),
);

const anyStory = fc.array(fc.tuple(anyEvent, fc.integer({ min: 0, max: 20_000 })), { maxLength: 80 });

/** Plays a story; `look` sees each event with the standing before and the orders it led to. */
function play(
  story: readonly (readonly [SupervisionEvent, number])[],
  look: (event: SupervisionEvent, before: Standing, orders: readonly Order[], after: Standing, at: number) => void,
): void {
  let standing: Standing = AT_REST;
  let at = 0;
  for (const [event, afterMs] of story) {
    at += afterMs;
    const step = supervise(standing, event, at);
    look(event, standing, step.orders, step.standing, at);
    standing = step.standing;
  }
}

describe('whatever happens in whatever order', () => {
  it('there are never two processes, and none that nobody knows of', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        let running = 0;
        play(story, (event, before, orders, after) => {
          if (event.what === 'exited' && before.isAlive) running -= 1;
          running += orders.filter((order) => order === 'start').length;
          expect(running).toBe(after.isAlive ? 1 : 0);
        });
      }),
    );
  });

  it('nothing starts after a terminal failure, a pause or a refused PIN without a person', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        let isForbidden = true;
        play(story, (event, before, orders) => {
          if (event.what === 'start') isForbidden = false;
          if (orders.includes('start')) expect(isForbidden).toBe(false);
          if (event.what === 'stop') isForbidden = true;
          if (event.what === 'loginRefused' && before.isAlive) isForbidden = true;
        });
      }),
    );
  });

  it('there are five restarts in ten minutes at most between two words of a person', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        let restarts: number[] = [];
        play(story, (event, before, orders, _, at) => {
          if (event.what === 'start') restarts = [];
          const isCounted = event.what === 'exited' && !before.isAsked && !before.isKilling;
          if (isCounted && orders.includes('start') && before.phase !== 'stopping') restarts.push(at);
          expect(restarts.filter((then) => then > at - LIMITS.windowMs).length).toBeLessThanOrEqual(LIMITS.restarts);
        });
      }),
    );
  });

  it('a kill wins: nothing starts while one is under way, and a process that did not say it is killed is ended', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        let isKilling = false;
        play(story, (event, before, orders, after) => {
          if (event.what === 'kill') isKilling = true;
          if (event.what === 'killed') isKilling = false;
          if (isKilling) expect(orders).not.toContain('start');
          if (event.what === 'killed' && !event.isAcknowledged && before.isAlive) expect(after.isEnding).toBe(true);
          if (event.what === 'killed' && event.unkept !== null) expect(orders).not.toContain('start');
        });
      }),
    );
  });

  it('where a process runs that is to be watched, something is always waited for', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        play(story, (_, __, ___, after) => {
          if (after.isAlive && !after.isEnding) expect(after.dueAt).not.toBeNull();
          if (after.phase === 'waiting' && !after.isKilling) expect(after.dueAt).not.toBeNull();
        });
      }),
    );
  });
});
