import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHsmProcess } from '../../../proxy/hsm/hsm-process';

describe('what an HSM process printed before it ended', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'keyrite-words-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Why a process ended that printed this. */
  function ended(printed: string): Promise<string> {
    const entry = join(folder, `entry-${Buffer.from(printed).toString('hex').slice(0, 40)}.mjs`);
    writeFileSync(entry, `process.stderr.write(${JSON.stringify(printed)}, () => process.exit(3));`);
    return new Promise((resolve) => startHsmProcess(entry, 1, {}).onEnd(resolve));
  }

  it.each(['free(): invalid pointer', 'double free or corruption (!prev)', '*** stack smashing detected ***: terminated'])(
    'is told where it is what the C library says: %s',
    async (words) => {
      expect(await ended(`tracing C_Login with 10203040\n${words}\n`)).toBe(`exit 3: ${words}`);
    },
  );

  it.each([
    'C_Login pPin = 10203040',
    '    00000000  31 30 32 30 33 30 34 30                          10203040',
    'free(): invalid pointer 10203040',
    'Assertion `pin == "10203040"\' failed.',
  ])('is kept back where it may hold a PIN or a plaintext: %s', async (words) => {
    const why = await ended(`${words}\n`);
    expect(why).toBe('exit 3: what its library printed is not shown: it may hold a secret');
  });

  it('is nothing where nothing was printed', async () => {
    expect(await ended('')).toBe('exit 3');
  });
});
