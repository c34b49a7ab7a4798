import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { run } from '../../../core/setup/child.mjs';

describe('running a program', () => {
  it('keeps what it says and how it ends', async () => {
    expect(await run(process.execPath, ['-e', 'console.log("out"); console.error("err"); process.exitCode = 7'])).toMatchObject({
      code: 7,
      output: expect.stringMatching(/out\n[^]*err\n|err\n[^]*out\n/),
      timedOut: false,
    });
  });

  it('answers 127 for a program that is not there', async () => {
    expect(await run('keyrite-no-such-program', [])).toMatchObject({ code: 127, output: expect.stringContaining('ENOENT') });
  });

  it.skipIf(process.platform === 'win32')('ends a program that takes too long, with all it started', async () => {
    // The shell's child holds the pipe open: unless it dies too, this never ends.
    const ended = await run('sh', ['-c', 'sleep 600 & wait'], { timeoutMs: 200 });
    expect(ended).toMatchObject({ code: 128 + 9, timedOut: true });
  });

  it.skipIf(process.platform === 'win32')('ends with its children on a signal, and begins nothing new', async () => {
    const code = `import { endCleanlyOnSignals, run } from ${JSON.stringify(new URL('../../../core/setup/child.mjs', import.meta.url).href)};
      endCleanlyOnSignals();
      process.once('exit', () => console.log('tidied'));
      const first = run('sh', ['-c', 'sleep 600 & wait']);
      console.log('begun');
      await first;
      console.log('went on');
      await run('sh', ['-c', 'sleep 600']);`;
    const program = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    program.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (said === '') program.kill('SIGTERM');
      said += text;
    });
    const [exitCode] = (await once(program, 'close')) as [number];
    expect({ exitCode, said }).toEqual({ exitCode: 128 + 15, said: 'begun\ntidied\n' });
  });
});
