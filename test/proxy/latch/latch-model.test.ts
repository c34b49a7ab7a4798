import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../core/contract/result';
import { openLatch, type Latch } from '../../../proxy/latch';
import { MemoryDisk, type Fate } from './memory-disk';

const KEYS = ['a', 'b'] as const;

type Call = { readonly turns: number } & (
  | { readonly verb: 'kill' | 'arm'; readonly key: null }
  | { readonly verb: 'block' | 'unblock'; readonly key: (typeof KEYS)[number] }
);

/** Calls of one step are under way together, each begun some turns of the queue after the one before. */
const turns = fc.nat({ max: 12 });
const calls: fc.Arbitrary<Call> = fc.oneof(
  fc.record({ verb: fc.constantFrom('kill' as const, 'arm' as const), key: fc.constant(null), turns }),
  fc.record({ verb: fc.constantFrom('block' as const, 'unblock' as const), key: fc.constantFrom(...KEYS), turns }),
);
const steps = fc.array(fc.array(calls, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });
const fates = fc.infiniteStream(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Fate>('works') },
    { weight: 1, arbitrary: fc.constantFrom<Fate>('failsBefore', 'failsAfter') },
  ),
);

const ACT = { who: 'ada', why: 'model' };

function perform(latch: Latch, { verb, key }: Call): Promise<Result<null>> {
  switch (verb) {
    case 'kill':
      return latch.kill(ACT);
    case 'arm':
      return latch.arm(ACT);
    case 'block':
      return latch.block(key, ACT);
    case 'unblock':
      return latch.unblock(key);
  }
}

function open(content: Uint8Array | null, hasHistory: boolean): Promise<Latch> {
  return openLatch('/memory', { hasHistory, now: () => 0, disk: new MemoryDisk(content) });
}

/** What people were told, in the order they called: the last call that tightens or, if a later one succeeded, loosens. */
class Told {
  isKilled = false;
  readonly blocked = new Set<string>();

  learn(step: readonly Call[], results: readonly Result<null>[]): void {
    step.forEach(({ verb, key }, i) => {
      const ok = results[i]?.ok === true;
      if (verb === 'kill') this.isKilled = true;
      else if (verb === 'arm') this.isKilled &&= !ok;
      else if (verb === 'block') this.blocked.add(key);
      else if (ok) this.blocked.delete(String(key));
    });
  }
}

describe('the latch, whatever is called at whatever time and whatever the disk does', () => {
  it('is in memory what people were told, and on the medium what it says a restart will be', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fates, fc.boolean(), async (allSteps, stream, hasHistory) => {
        const disk = new MemoryDisk(null);
        const latch = await openLatch('/memory', { hasHistory: false, now: () => 0, disk });
        const latchOf = hasHistory ? await openLatch('/memory', { hasHistory, now: () => 0, disk }) : latch;
        disk.fate = () => (stream.next() as IteratorYieldResult<Fate>).value;
        const told = new Told();
        for (const step of allSteps) {
          const results: Promise<Result<null>>[] = [];
          for (const call of step) {
            for (let turn = 0; turn < call.turns; turn++) await Promise.resolve();
            results.push(perform(latchOf, call));
            if (call.verb === 'kill') expect(latchOf.mayUse('x')).toMatchObject({ reason: 'killed' });
            if (call.verb === 'block') expect(latchOf.mayUse(call.key)).not.toBeNull();
          }
          told.learn(step, await Promise.all(results));
          const state = latchOf.state();
          expect({ killed: state.killed, blocked: [...state.blocked] }).toEqual({
            killed: told.isKilled,
            blocked: [...told.blocked].sort(),
          });
          for (const content of disk.possible) {
            const { restart, problem: _, ...after } = (await open(content, hasHistory)).state();
            expect(restart).not.toBe('unknown');
            if (state.restart === 'same') expect(after).toMatchObject({ killed: state.killed, blocked: state.blocked });
            if (state.restart === 'killed') expect(after.killed).toBe(true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  }, 120_000);
});
