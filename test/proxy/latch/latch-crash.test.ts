import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLatch } from '../../../proxy/latch';
import { removeTemporaryFolders, temporaryFolder } from '../../core/pack/sample-pack';
import { buildEntries, type BuiltEntries } from '../../softhsm/build-child';

let built: BuiltEntries;
beforeAll(async () => {
  built = await buildEntries({ switcher: 'test/proxy/latch/endless-switcher.ts' });
}, 60_000);
afterAll(async () => {
  await built.remove();
  await removeTemporaryFolders();
});

/** Runs the switcher, ends it by SIGKILL some microseconds after it said its `lines`-th line, and answers what it had said. */
async function crash(folder: string, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [built.path('switcher'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return said.split('\n').slice(0, -1);
}

describe.skipIf(process.platform === 'win32')('a process that dies while it kills and arms', () => {
  it('leaves a whole latch, and never an armed one after a kill was acknowledged', async () => {
    const folder = await temporaryFolder();
    const first = await openLatch(folder, { hasHistory: false, now: Date.now });
    expect(first.state().killed).toBe(false);
    const ends = new Set<string>();
    for (let round = 0; round < 24; round++) {
      const said = await crash(folder, 1 + ((round * 7) % 40));
      const latch = await openLatch(folder, { hasHistory: true, now: Date.now });
      const { killed, problem } = latch.state();
      expect(problem).toBe('');
      const last = said.at(-1) ?? '';
      ends.add(last);
      if (last === 'killed') expect(killed).toBe(true);
      if (last === 'armed') expect(killed).toBe(false);
    }
    expect(ends.size).toBeGreaterThan(1); // it died at different places
  }, 60_000);
});
