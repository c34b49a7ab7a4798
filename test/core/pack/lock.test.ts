import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { takeLock } from '../../../core/pack/lock';
import { isZombie, processStart } from '../../../core/pack/process-start';
import { removeTemporaryFolders, temporaryFolder } from './sample-pack';

afterAll(removeTemporaryFolders);

/** No process has this pid: Linux counts to 4194304 at most, macOS and Windows stay below it in practice. */
const NOBODY = 4_194_305;

async function lockOf(holder: object | string): Promise<string> {
  const path = join(await temporaryFolder(), 'lock');
  await writeFile(
    path,
    typeof holder === 'string' ? holder : JSON.stringify({ host: hostname(), nonce: 'n', start: '', ...holder }),
  );
  return path;
}

describe('takeLock', () => {
  it('takes over from a process that is gone', async () => {
    expect((await takeLock(await lockOf({ pid: NOBODY }))).ok).toBe(true);
  });

  it.runIf(process.platform === 'linux')('takes over when the pid belongs to a later process now', async () => {
    expect((await takeLock(await lockOf({ pid: process.pid, start: 'another boot:1' }))).ok).toBe(true);
    expect(await takeLock(await lockOf({ pid: process.pid, start: await processStart(process.pid) }))).toMatchObject({
      ok: false,
      error: { code: 'ceremony.alreadyRunning', detail: { pid: process.pid } },
    });
  });

  it.runIf(process.platform === 'linux')(
    'takes over from a process that was killed and that its parent has not asked for',
    async () => {
      const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
      const [line] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(String(line));
      await expect.poll(() => isZombie(pid)).toBe(true);
      const taken = await takeLock(await lockOf({ pid, start: await processStart(pid) }));
      parent.kill();
      expect(taken.ok).toBe(true);
    },
  );

  it('does not judge a holder on another machine', async () => {
    expect(await takeLock(await lockOf({ pid: NOBODY, host: 'elsewhere' }))).toMatchObject({
      ok: false,
      error: { detail: { host: 'elsewhere' } },
    });
  });

  it('waits out a lock that is being written, and takes one that was left half written', async () => {
    const path = await lockOf('{"pid":');
    expect((await takeLock(path)).ok).toBe(false);
    await utimes(path, 0, 0);
    expect((await takeLock(path)).ok).toBe(true);
  });

  it('gives a stale lock to exactly one of many who find it at the same time', async () => {
    for (let round = 0; round < 20; round++) {
      const path = await lockOf({ pid: NOBODY });
      const results = await Promise.all(Array.from({ length: 8 }, () => takeLock(path)));
      expect(results.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await readdir(join(path, '..'))).toEqual(['lock']);
    }
  });
});
