import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refusal, type XksFailure } from '../../../core/xks/errors';
import type { Home, Thread } from '../../../proxy/hsm/crew';
import { Dispatcher } from '../../../proxy/hsm/dispatcher';
import { FrameReader, type Frame } from '../../../proxy/hsm/frame';
import { KeyDirectory } from '../../../proxy/hsm/key-directory';
import { doneFrame, faultFrame, ORDER, plainFrame, setTook, stoppedFrame, type Fault } from '../../../proxy/hsm/order-frame';
import type { Order } from '../../../proxy/hsm/task';

const KEYS = Buffer.from(JSON.stringify([{ handle: '0000000000000001', ckaId: '0a', aesBits: 256, usages: ['ENCRYPT'] }]));

/** A thread of a test: it keeps the orders it gets until the test answers. */
interface FakeThread {
  readonly thread: Thread;
  readonly orders: Frame[];
  readonly done: (...fields: Buffer[]) => void;
  /** the same, by a quick HSM, and by one of which nothing but its time is known, in microseconds */
  readonly quick: () => void;
  readonly took: (us: number) => void;
  readonly stopped: () => void;
  readonly fault: (fault: Partial<Fault>) => void;
}

function framesIn(bytes: Buffer): readonly Frame[] {
  return new FrameReader().push(Buffer.from(bytes));
}

/** So slow that a thread gets one order at a time, and so quick that it gets several; microseconds. */
const [SLOW_US, QUICK_US] = [2000, 40];

function took(us: number, answer: Buffer): Buffer {
  setTook(answer, us);
  return answer;
}

describe('the dispatcher', () => {
  let dispatcher: Dispatcher;
  let events: string[];
  let answers: string[];
  let blocked: Set<string>;
  let homes: Map<Home, string>;
  let epoch: number;
  /** whether what is to be done at the end of the turn is done at once */
  let soonDone: boolean;
  let later: (() => void)[];

  function atEndOfTurn(): void {
    for (const work of later.splice(0)) work();
  }

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    [events, answers, blocked, homes, epoch] = [[], [], new Set(), new Map(), 0];
    [soonDone, later] = [true, []];
    dispatcher = make();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function make(queue = 3): Dispatcher {
    return new Dispatcher({
      now: () => performance.now(),
      soon: (work) => (soonDone ? work() : void later.push(work)),
      queue,
      deadlineMs: 200,
      hungMs: 1000,
      healthKey: 'health',
      mayUse: (label) => (blocked.has(label) ? refusal('InvalidStateException', 'blocked', '').error : null),
      epoch: () => epoch,
      onSick: (home, why) => void events.push(`sick ${homes.get(home)} ${why}`),
      onHung: (home) => void events.push(`hung ${homes.get(home)}`),
      onIdle: (home) => void events.push(`idle ${homes.get(home)}`),
    });
  }

  function home(name: string): Home {
    const made: Home = { directory: new KeyDirectory(), standing: 'serving' };
    // Known to have none, so that threads do not begin with a search for it.
    made.directory.learn('health', [], 0);
    homes.set(made, name);
    return made;
  }

  function thread(of: Home): FakeThread {
    const orders: Frame[] = [];
    const made: Thread = { home: of, send: (bytes) => void orders.push(...framesIn(bytes)) };
    let answered = 0;
    const answer = (frame: (id: number) => Buffer): void => {
      for (const one of framesIn(frame(orders[answered++]!.id))) dispatcher.receive(made, one);
    };
    dispatcher.add(made);
    return {
      thread: made,
      orders,
      done: (...fields) => answer((id) => took(SLOW_US, doneFrame(id, fields))),
      quick: () => answer((id) => took(QUICK_US, doneFrame(id, []))),
      took: (us) => answer((id) => took(us, doneFrame(id, []))),
      stopped: () => answer(stoppedFrame),
      fault: (fault) => {
        const failure: XksFailure = { name: 'InternalException', reason: 'CKR', message: '' };
        answer((id) => faultFrame(id, { failure, isDevice: false, mayRepeat: false, forgetsKey: false, ...fault }));
      },
    };
  }

  function order(name: string, label: string | null = null): Order<Home> {
    return {
      label,
      rule: name,
      frame: ({ id, epoch: judged }) => plainFrame(ORDER.encrypt, id, judged, Buffer.from(name)),
      done: () => (answers.push(`${name} ok`), null),
      failed: ({ reason }) => void answers.push(`${name} ${reason}`),
    };
  }

  const accept = (...names: readonly string[]): void => {
    for (const name of names) dispatcher.accept(order(name));
  };
  const sent = ({ orders }: FakeThread): string[] =>
    orders.map(({ kind, fields }) => `${kind === ORDER.find ? 'find ' : ''}${fields[0]!.toString()}`);

  it('hands out orders first come first served, one to a thread', () => {
    const [a, b] = [thread(home('p')), thread(home('p'))];
    accept('1', '2', '3', '4');
    expect([...sent(b), ...sent(a)]).toEqual(['1', '2']);
    b.done();
    b.done();
    a.done();
    expect(sent(b)).toEqual(['1', '3', '4']);
    expect(answers).toEqual(['1 ok', '3 ok', '2 ok']);
  });

  it('hands a quick thread several orders at once, and settles them in their order', () => {
    const a = thread(home('p'));
    accept('1', '2', '3', '4');
    a.quick();
    expect(sent(a)).toEqual(['1', '2', '3', '4']);
    a.quick();
    a.stopped();
    expect(answers).toEqual(['1 ok', '2 ok']);
    a.quick();
    expect(answers).toEqual(['1 ok', '2 ok', '4 ok']);
    expect(sent(a)).toEqual(['1', '2', '3', '4', '3']);
    a.quick();
    expect(answers).toEqual(['1 ok', '2 ok', '4 ok', '3 ok']);
  });

  it('leaves orders for threads that are free, where an operation takes longer than waking one', () => {
    const [a, b] = [thread(home('p')), thread(home('p'))];
    accept('1');
    b.took(200);
    soonDone = false;
    accept('2', '3');
    expect([sent(b), sent(a)]).toEqual([['1'], []]);
    atEndOfTurn();
    expect([sent(b), sent(a)]).toEqual([['1', '2'], ['3']]);
  });

  it('hands orders of one turn to one thread, where an operation takes less than waking another', () => {
    const [a, b] = [thread(home('p')), thread(home('p'))];
    accept('1');
    b.quick();
    soonDone = false;
    accept('2', '3');
    expect([sent(b), sent(a)]).toEqual([['1'], []]);
    atEndOfTurn();
    expect([sent(b), sent(a)]).toEqual([['1', '2', '3'], []]);
  });

  it('hands an order of a slow HSM over at once', () => {
    const a = thread(home('p'));
    soonDone = false;
    accept('1');
    a.done();
    accept('2');
    expect(sent(a)).toEqual(['1', '2']);
  });

  it('fails all that a quick thread had when its process is gone', () => {
    const p = home('p');
    const a = thread(p);
    accept('1', '2', '3');
    a.quick();
    dispatcher.remove(p);
    expect(answers).toEqual(['1 ok', '2 processEnded', '3 processEnded']);
  });

  it('finds a thread hung that came back late with one order and never with the next', () => {
    const a = thread(home('p'));
    accept('1', '2', '3');
    a.quick();
    vi.advanceTimersByTime(201);
    expect(answers).toEqual(['1 ok', '2 deadline', '3 deadline']);
    a.quick();
    vi.advanceTimersByTime(998);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(events).toEqual(['hung p']);
  });

  it('refuses beyond the queue, at once', () => {
    thread(home('p'));
    accept('1', '2', '3', '4', '5');
    expect(answers).toEqual(['5 queueFull']);
    expect([dispatcher.queued, dispatcher.throttled]).toEqual([3, 1]);
  });

  it('counts the deadline from acceptance, in the queue and on a thread, and takes the thread back when it returns', () => {
    const a = thread(home('p'));
    accept('1', '2');
    vi.advanceTimersByTime(150);
    accept('3');
    vi.advanceTimersByTime(49);
    expect(answers).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(answers).toEqual(['1 deadline', '2 deadline']);
    a.done(Buffer.from('late'));
    expect(sent(a)).toEqual(['1', '3']);
    a.done();
    expect(answers).toEqual(['1 deadline', '2 deadline', '3 ok']);
    expect([dispatcher.timeouts, dispatcher.queued, events]).toEqual([2, 0, []]);
  });

  it('keeps deadlines while another thread is late', () => {
    const p = home('p');
    const [a, b] = [thread(p), thread(p)];
    accept('hangs');
    vi.advanceTimersByTime(300);
    accept('later');
    vi.advanceTimersByTime(199);
    expect(answers).toEqual(['hangs deadline']);
    vi.advanceTimersByTime(1);
    expect(answers).toEqual(['hangs deadline', 'later deadline']);
    expect([a.orders.length, b.orders.length]).toEqual([1, 1]);
  });

  it('gives a thread up after hungMs, and nothing more to it, even when it comes back', () => {
    const p = home('p');
    const a = thread(p);
    accept('1');
    vi.advanceTimersByTime(999);
    expect(events).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(events).toEqual(['hung p']);
    expect(dispatcher.crew.threads).toEqual({ ready: 0, hung: 1 });
    accept('2');
    a.done();
    expect(sent(a)).toEqual(['1']);
    const b = thread(p);
    expect(sent(b)).toEqual(['2']);
  });

  it('asks the rules immediately before an order is handed over', () => {
    const a = thread(home('p'));
    accept('1', '2', '3');
    blocked.add('2');
    a.done();
    expect(answers).toEqual(['1 ok', '2 blocked']);
    expect(sent(a)).toEqual(['1', '3']);
  });

  it('judges an order anew that a block stopped in the middle, before those that came later', () => {
    const a = thread(home('p'));
    accept('1', '2');
    epoch = 7;
    a.stopped();
    expect(sent(a)).toEqual(['1', '1']);
    expect(a.orders[1]!.word).toBe(7);
    blocked.add('1');
    a.stopped();
    expect(answers).toEqual(['1 blocked']);
    expect(sent(a)).toEqual(['1', '1', '2']);
  });

  it('searches once per label and process, while others of the label wait and others work', () => {
    const p = home('p');
    const [a, b] = [thread(p), thread(p)];
    for (const name of ['1', '2']) dispatcher.accept(order(name, 'nile'));
    accept('3');
    expect([sent(b), sent(a)]).toEqual([['find nile'], ['3']]);
    b.done(KEYS);
    expect(sent(b)).toEqual(['find nile', '1']);
    b.done();
    dispatcher.accept(order('4', 'nile'));
    expect(sent(b)).toEqual(['find nile', '1', '2']);
    b.done();
    expect(sent(b)).toEqual(['find nile', '1', '2', '4']);
  });

  it('bounds what waits for a search, though threads are free', () => {
    const p = home('p');
    thread(p);
    thread(p);
    for (const name of ['1', '2', '3', '4']) dispatcher.accept(order(name, 'nile'));
    expect(answers).toEqual(['4 queueFull']);
    vi.advanceTimersByTime(200);
    expect(answers).toEqual(['4 queueFull', '1 deadline', '2 deadline', '3 deadline']);
    expect(dispatcher.queued).toBe(0);
  });

  it('lets those who waited for a search that failed try once more, elsewhere too, and then gives up', () => {
    const [p, q] = [home('p'), home('q')];
    const a = thread(p);
    dispatcher.accept(order('1', 'nile'));
    const b = thread(q);
    dispatcher.remove(p);
    expect(sent(b)).toEqual(['find nile']);
    b.fault({ isDevice: true });
    expect(answers).toEqual(['1 CKR']);
    expect(events).toEqual(['sick q CKR']);
    expect(sent(a)).toEqual(['find nile']);
  });

  it('keeps a search that a block stopped to its process, whose handles it is after', () => {
    const [p, q] = [home('p'), home('q')];
    const a = thread(p);
    dispatcher.accept(order('1', 'nile'));
    const b = thread(q);
    accept('2');
    a.stopped();
    // The order that waited goes on; the thread that is free searches for its own process.
    expect(sent(a)).toEqual(['find nile', 'find nile']);
    b.done();
    a.done(KEYS);
    expect(sent(a)).toEqual(['find nile', 'find nile', '1']);
    expect(q.directory.remembered('nile')).toBeNull();
    expect(p.directory.remembered('nile')).toHaveLength(1);
  });

  it('finds a key again whose handle is none any more, and repeats once', () => {
    const p = home('p');
    const a = thread(p);
    dispatcher.accept(order('1', 'nile'));
    a.done(KEYS);
    a.fault({ mayRepeat: true, forgetsKey: true });
    // The health key too: whoever invalidated one handle invalidated all.
    expect(sent(a)).toEqual(['find nile', '1', 'find health']);
    a.done(Buffer.from('[]'));
    expect(sent(a).slice(3)).toEqual(['find nile']);
    a.done(KEYS);
    a.fault({ mayRepeat: true, forgetsKey: true });
    expect(answers).toEqual(['1 CKR']);
  });

  it('fails what a process was doing when it ended, and nothing else', () => {
    const [p, q] = [home('p'), home('q')];
    const [a, b] = [thread(p), thread(q)];
    accept('1', '2', '3');
    dispatcher.remove(p);
    expect(answers).toEqual([`${sent(a)[0]} processEnded`]);
    b.done();
    expect(sent(b)).toHaveLength(2);
    expect(dispatcher.crew.threads).toEqual({ ready: 1, hung: 0 });
  });

  it('gives nothing to a doubted process while another one can', () => {
    const [p, q] = [home('p'), home('q')];
    const [a, b] = [thread(p), thread(q)];
    q.standing = 'doubted';
    accept('1', '2');
    expect([sent(a), sent(b)]).toEqual([['1'], []]);
    dispatcher.remove(p);
    expect(sent(b)).toEqual(['2']);
  });

  it('closes a process: what it has it finishes, then it is idle', () => {
    const p = home('p');
    const a = thread(p);
    accept('1', '2');
    dispatcher.close(p);
    expect(events).toEqual([]);
    a.done();
    expect([answers, events, sent(a)]).toEqual([['1 ok'], ['idle p'], ['1']]);
    const b = thread(home('q'));
    expect(sent(b)).toEqual(['2']);
  });

  it('believes no answer that belongs to another order', () => {
    const a = thread(home('p'));
    accept('1');
    dispatcher.receive(a.thread, framesIn(doneFrame(4711, []))[0]!);
    dispatcher.receive(a.thread, framesIn(plainFrame(ORDER.find, a.orders[0]!.id, 0))[0]!);
    expect(events).toEqual(['sick p garbled', 'sick p garbled']);
    expect(answers).toEqual(['1 garbled']);
  });

  it('fails everything at once when it is told to, and drops what comes back', () => {
    const a = thread(home('p'));
    accept('1', '2');
    dispatcher.accept(order('3', 'nile'));
    dispatcher.failAll(refusal('InvalidStateException', 'killed', '').error);
    expect(answers).toEqual(['1 killed', '2 killed', '3 killed']);
    a.done();
    expect(answers).toHaveLength(3);
    expect([dispatcher.queued, dispatcher.isBusy]).toEqual([0, false]);
  });

  it('settles every order exactly once, by its deadline at the latest, whatever threads and processes do', () => {
    const act = fc.oneof(
      { weight: 6, arbitrary: fc.record({ is: fc.constant('accept'), label: fc.constantFrom(null, 'nile', 'weser') }) },
      {
        weight: 6,
        arbitrary: fc.record({ is: fc.constantFrom('done', 'stopped', 'repeat', 'device', 'request'), at: fc.nat(7) }),
      },
      { weight: 3, arbitrary: fc.record({ is: fc.constant('wait'), ms: fc.integer({ min: 1, max: 120 }) }) },
      { weight: 1, arbitrary: fc.record({ is: fc.constantFrom('end', 'close', 'doubt', 'forget', 'add'), at: fc.nat(3) }) },
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
        [events, answers, blocked, homes] = [[], [], new Set(), new Map()];
        dispatcher = make(4);
        const [list, threads]: [Home[], FakeThread[]] = [[], []];
        const addHome = (): void => {
          const made = home(`p${list.length}`);
          list.push(made);
          threads.push(thread(made), thread(made));
        };
        addHome();
        addHome();
        const acceptedAt = new Map<string, number>();
        const settledAt = new Map<string, number[]>();
        const settle = (name: string): null => {
          settledAt.set(name, [...(settledAt.get(name) ?? []), performance.now()]);
          return null;
        };
        const idOf = (fake: FakeThread): boolean => fake.orders.length > 0;
        const open = new Map<FakeThread, number>();
        for (const step of acts) {
          if ('label' in step) {
            const name = `o${acceptedAt.size}`;
            acceptedAt.set(name, performance.now());
            dispatcher.accept({ ...order(name, step.label), done: () => settle(name), failed: () => void settle(name) });
          } else if ('ms' in step) vi.advanceTimersByTime(step.ms);
          else if (['done', 'stopped', 'repeat', 'device', 'request'].includes(step.is)) {
            const fake = threads[step.at % threads.length]!;
            // An honest thread answers each order once.
            if (!idOf(fake) || open.get(fake) === fake.orders.length) continue;
            open.set(fake, fake.orders.length);
            if (step.is === 'done') fake.done(fake.orders.at(-1)!.kind === ORDER.find ? KEYS : Buffer.from('x'));
            else if (step.is === 'stopped') fake.stopped();
            else
              fake.fault({ mayRepeat: step.is === 'repeat', forgetsKey: step.is === 'repeat', isDevice: step.is === 'device' });
          } else if (step.is === 'add') addHome();
          else {
            const one = list[step.at % list.length]!;
            if (step.is === 'end') dispatcher.remove(one);
            else if (step.is === 'close') dispatcher.close(one);
            else if (step.is === 'forget') one.directory.forgetAll();
            else if (one.standing === 'serving') one.standing = 'doubted';
          }
          expect(dispatcher.queued).toBeGreaterThanOrEqual(0);
        }
        vi.advanceTimersByTime(400);
        for (const [name, at] of acceptedAt) {
          expect(settledAt.get(name)).toHaveLength(1);
          expect(settledAt.get(name)![0]! - at).toBeLessThanOrEqual(201);
        }
        expect([dispatcher.queued, dispatcher.isBusy]).toEqual([0, false]);
        vi.advanceTimersByTime(2000);
      }),
      { numRuns: 300 },
    );
  });
});
