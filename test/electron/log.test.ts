import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LOG, openLog } from '../../electron/log';

let folder = '';
const lines = (name = 'keyrite.log') =>
  readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the log', () => {
  it('gives every kind of line a number of its own', () => {
    expect(new Set(Object.values(LOG)).size).toBe(Object.values(LOG).length);
  });

  it('writes one JSON object per line, with time and number', () => {
    openLog(folder, { now: () => new Date(0) }).note(LOG.started, { version: '1' });
    expect(lines()).toEqual([{ at: '1970-01-01T00:00:00.000Z', pid: process.pid, log: LOG.started, version: '1' }]);
  });

  it('gives each fault an incident number people can quote', () => {
    const log = openLog(folder);
    const incidents = [log.fault('desk.get', new Error('one')), log.fault('desk.get', 'two')];
    expect(new Set(incidents).size).toBe(2);
    expect(lines().map((line) => line['incident'])).toEqual(incidents);
    expect(lines()[0]?.['stack']).toContain('Error: one');
  });

  it('stays within its size and keeps the last files', () => {
    const log = openLog(folder, { maxBytes: 1000 });
    for (let index = 0; index < 100; index += 1) log.note(LOG.shown, { index });
    expect(readdirSync(folder).sort()).toEqual(['keyrite.1.log', 'keyrite.2.log', 'keyrite.3.log', 'keyrite.log']);
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1000);
    expect(lines().at(-1)?.['index']).toBe(99);
  });

  it('goes to standard error when the disk refuses, and stops nobody', () => {
    writeFileSync(join(folder, 'a-file'), '');
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    openLog(join(folder, 'a-file')).note(LOG.started);
    expect(String(said.mock.calls[0]?.[0])).toContain('cannot write the log');
    said.mockRestore();
  });
});
