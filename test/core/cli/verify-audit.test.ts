import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verb } from '../../../core/cli/verify';
import { auditLine } from '../../../core/evidence/audit-line';
import { auditFileName } from '../../../core/evidence/audit-name';
import { GENESIS_PREV } from '../../../core/evidence/event';
import { sha256Text } from '../../../core/pack/sha256';
import { removeTemporaryFolders, temporaryFolder } from '../pack/sample-pack';
import { runVerb } from './run-verb';

afterAll(removeTemporaryFolders);

const verify = (values: Record<string, string | boolean>, positionals: string[] = []) =>
  runVerb(verb, { json: false, ...values }, positionals);

async function log(types: readonly string[], perFile = 2): Promise<{ folder: string; head: string }> {
  const folder = await temporaryFolder();
  let place = { seq: 0, prev: GENESIS_PREV };
  let text = '';
  for (const [i, type] of types.entries()) {
    const { line, hash } = auditLine(
      { at: '2026-11-23T10:00:00.000Z', type, actor: '', data: '{"outcome":"ok"}' },
      place,
      sha256Text,
    );
    place = { seq: i + 1, prev: hash };
    text += `${line}\n`;
    if ((i + 1) % perFile !== 0 && i + 1 < types.length) continue;
    await writeFile(join(folder, auditFileName(i - (i % perFile))), text);
    text = '';
  }
  return { folder, head: place.prev };
}

describe('keyrite verify --audit', () => {
  it('says first that the log holds, then its extent, its head in hex and words, and counts', async () => {
    const { folder, head } = await log(['started', 'request', 'request', 'killed', 'request']);
    const { code, out, err } = await verify({ audit: folder });
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')[0]).toBe('THE AUDIT LOG HOLDS');
    expect(out).toContain('Events  5  (0 to 4)');
    expect(out).toContain('Files   3');
    expect(out).toContain(`Head, the hash of event 4:\n  ${head}\n`);
    expect(out).toMatch(/\n {2}8 {2}[0-9a-f]{8} {2}\w+ \w+ \w+ \w+\n/);
    expect(out).toMatch(/Events by type:\n {2}request {2}3\n {2}killed {3}1\n {2}started {2}1\n/);
    expect(out).toContain('Requests by outcome:\n  ok  3');
  });

  it('says what failed and where, what it means, what to do, and what holds all the same', async () => {
    const { folder } = await log(['started', 'request', 'request', 'request', 'stopped']);
    await rm(join(folder, auditFileName(2)));
    const { code, out } = await verify({ audit: folder });
    expect(code).toBe(1);
    expect(out.split('\n')[0]).toBe('THE AUDIT LOG DOES NOT HOLD');
    expect(out).toContain('Where:         audit-000000000004.jsonl, event 2');
    expect(out).toContain('What:          events 2 to 3 are missing');
    expect(out).toMatch(/What it means: .+\nWhat to do: +.+/);
    expect(out).toContain('Events  3  (0 to 4)');
  });

  it('verifies one file, and gives one JSON object with --json', async () => {
    const { folder } = await log(['started', 'request', 'request']);
    const { code, out } = await verify({ audit: join(folder, auditFileName(2)), json: true });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, exitCode: 0, firstSeq: 2, types: { request: 1 } });
  });

  it('answers 2 for what is no log, and for two things or nothing to verify', async () => {
    const nothing = await verify({ audit: join(await temporaryFolder(), 'nowhere') });
    expect(nothing).toMatchObject({ code: 2, out: '' });
    expect(nothing.err).toContain('it is not there');
    for (const both of [await verify({}), await verify({ audit: 'a' }, ['b'])]) {
      expect(both).toMatchObject({ code: 2, out: '' });
      expect(both.err).toContain('keyrite verify --audit PATH');
    }
  });

  it('lets no text in a log repaint the terminal or add lines', async () => {
    const { folder } = await log(['\u001B[2J\nTHE AUDIT LOG HOLDS\u202E', 'request']);
    await writeFile(join(folder, '\u001B[1A\nTHE AUDIT LOG HOLDS'), '');
    const { code, out } = await verify({ audit: folder });
    expect(code).toBe(1);
    expect(out).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/);
    expect(out.split('\n').filter((line) => line.startsWith('THE AUDIT'))).toEqual(['THE AUDIT LOG DOES NOT HOLD']);
  });
});
