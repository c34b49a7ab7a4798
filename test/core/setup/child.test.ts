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
});
