import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditFileName } from '../../../core/evidence/audit-name';
import { killsSinceArmed } from '../../../core/pack/audit-kills';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-audit-kills-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Line {
  readonly type: string;
  readonly who: string;
}

/** Lines as the proxy writes them, as far as this reader looks at them. */
function write(firstSeq: number, lines: readonly Line[], end = '\n'): void {
  const text = lines.map(({ type, who }, i) =>
    JSON.stringify({ at: `2026-11-28T08:00:0${firstSeq + i}.000Z`, data: { who, why: 'a test' }, seq: firstSeq + i, type }),
  );
  writeFileSync(join(folder, auditFileName(firstSeq)), text.join('\n') + end);
}

const whoKilled = async (): Promise<readonly string[]> => {
  const kills = await killsSinceArmed(folder);
  if (!kills.ok) throw new Error(kills.error.code);
  return kills.value.map(({ who }) => who);
};

const killed = (who: string): Line => ({ type: 'killed', who });
const armed = (who: string): Line => ({ type: 'armed', who });

describe('the kills since a proxy was armed', () => {
  it('are all of them, those of a proxy that was killed already among them, oldest first', async () => {
    write(0, [killed('before'), armed('three people'), killed('drill'), { type: 'request', who: '' }, killed('night guard')]);
    expect(await whoKilled()).toEqual(['drill', 'night guard']);
  });

  it('are looked for in older files as far as the last arming', async () => {
    write(0, [killed('long ago'), armed('three people'), killed('first')]);
    write(3, [killed('second')]);
    write(4, [killed('third')]);
    expect(await whoKilled()).toEqual(['first', 'second', 'third']);
  });

  it('are none where it was armed last, and none where the log has no kill', async () => {
    write(0, [killed('drill'), armed('three people')]);
    expect(await whoKilled()).toEqual([]);
    write(2, [{ type: 'started', who: '' }]);
    expect(await whoKilled()).toEqual([]);
  });

  it('are also those past a proxy that did not run, which each of its next starts says, once', async () => {
    const pull = { at: '2026-11-28T07:00:00.000Z', by: 'night guard', why: 'smoke' };
    const started = (seq: number, ...pulls: readonly object[]): string =>
      JSON.stringify({ at: '2026-11-28T08:00:00.000Z', data: { latch: { killed: true, pulls } }, seq, type: 'started' });
    write(0, [armed('three people'), killed('drill')]);
    writeFileSync(join(folder, auditFileName(2)), `${[started(2, pull), started(3, pull)].join('\n')}\n`);
    writeFileSync(join(folder, auditFileName(4)), `${started(4, pull, { ...pull, by: 'porter' })}\n`);
    expect(await whoKilled()).toEqual(['drill', 'night guard', 'porter']);
    write(5, [armed('three people')]);
    expect(await whoKilled()).toEqual([]);
  });

  it('are not made of words in a request, nor of a torn line', async () => {
    write(0, [{ type: 'request', who: '"type":"killed"' }, killed('drill')]);
    write(2, [killed('torn')], '');
    expect(await whoKilled()).toEqual(['drill']);
  });

  it('cannot be told of a folder that is not there', async () => {
    expect(await killsSinceArmed(join(folder, 'nowhere'))).toMatchObject({ ok: false, error: { code: 'file.notFound' } });
  });
});
