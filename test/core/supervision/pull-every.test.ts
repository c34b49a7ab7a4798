import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure } from '../../../core/contract/result';
import type { KillEnd } from '../../../core/control/kill';
import { gravest, pullEvery } from '../../../core/supervision/pull-every';

const ACT = { who: 'a test', why: 'to see' };
const ACKNOWLEDGED = { how: 'acknowledged', answer: { restart: 'same' } } as unknown as KillEnd;
const AT_REST: KillEnd = { how: 'notRunning', latch: { isKept: true, problem: '' } };
const UNKEPT: KillEnd = { how: 'notRunning', latch: { isKept: false, problem: 'no room' } };
const FOREIGN: KillEnd = { how: 'failed', error: failure('proxy.foreign').error };
const NOBODY: KillEnd = { how: 'failed', error: failure('proxy.notRunning').error };

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-kill-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a kill of several state folders', () => {
  it.each<[string, readonly KillEnd[], KillEnd]>([
    ['the process that did it itself, where all is in order', [AT_REST, ACKNOWLEDGED, NOBODY], ACKNOWLEDGED],
    ['a latch that may not hold, before all that is in order', [ACKNOWLEDGED, UNKEPT], UNKEPT],
    ['a folder of somebody else, before all that is in order', [ACKNOWLEDGED, FOREIGN], FOREIGN],
    ['the latch for the next start, where a folder is gone', [NOBODY, AT_REST], AT_REST],
    ['that nothing was killed', [NOBODY], NOBODY],
  ])('tells of %s', (_, ends, told) => {
    expect(gravest(ends)).toBe(told);
  });

  it('writes the latch of each', async () => {
    const folders = ['one', 'two'].map((name) => join(folder, name));
    for (const each of folders) mkdirSync(each, { mode: 0o700 });
    for (const end of await pullEvery(folders, ACT)) expect(end).toMatchObject({ how: 'notRunning', latch: { isKept: true } });
    for (const each of folders) expect(readFileSync(join(each, 'latch.json'), 'utf8')).toContain('"killed"');
  });
});
