import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runTogether } from '../../../core/setup/schedule.mjs';

describe('running parts together', () => {
  it('never uses more cores than there are, runs each once, and answers in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (scheduler, wants, cores) => {
          let used = 0;
          const runs = wants.map(() => 0);
          const tasks = wants.map((want, i) => ({
            cores: want,
            run: async () => {
              used += Math.min(want, cores);
              runs[i] = (runs[i] ?? 0) + 1;
              expect(used).toBeLessThanOrEqual(cores);
              await scheduler.schedule(Promise.resolve());
              used -= Math.min(want, cores);
              return i;
            },
          }));
          const results = runTogether(tasks, cores);
          expect(await scheduler.waitFor(results)).toEqual(wants.map((_, i) => i));
          expect(runs.every((n) => n === 1)).toBe(true);
        },
      ),
    );
  });

  it('lets a small part run beside another small one', async () => {
    let endFirst: (word: string) => void = () => expect.unreachable('the second ran before the first');
    const ended = new Promise<string>((resolve) => {
      endFirst = resolve;
    });
    const first = { cores: 1, run: () => ended };
    const second = {
      cores: 1,
      run: () => {
        endFirst('first');
        return Promise.resolve('second');
      },
    };
    expect(await runTogether([first, second], 2)).toEqual(['first', 'second']);
  });
});
