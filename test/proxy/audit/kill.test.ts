import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../../core/pack/verify-audit';
import { buildEntries, type BuiltEntries } from '../../softhsm/build-child';
import { auditFolder, clearGround, openOn, requestIds } from './ground';

let built: BuiltEntries;

beforeAll(async () => {
  built = await buildEntries({ 'endless-proxy': 'test/proxy/audit/endless-proxy.ts' });
});
afterAll(() => built.remove());
afterEach(clearGround);

/** Runs the writer until it has told of so many lines, then kills it. @returns the ids it told of */
async function killedAfter(folder: string, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [built.path('endless-proxy'), folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return said.split('\n').slice(0, -1);
}

describe('a proxy that is killed by SIGKILL while it writes, again and again', () => {
  it('has a line for every request it answered, in one chain that holds', async () => {
    const folder = await auditFolder();
    const answered: string[] = [];
    for (const lines of [1, 40, 333]) answered.push(...(await killedAfter(folder, lines)));
    const audit = await openOn({ folder });
    await audit.act('started', {});
    const check = await verifyAudit(folder);
    expect(check).toMatchObject({ ok: true, firstSeq: 0 });
    expect(check.files).toBeGreaterThan(3);
    const written = new Set(await requestIds(folder));
    expect(answered.length).toBeGreaterThanOrEqual(374);
    expect(answered.filter((id) => !written.has(id))).toEqual([]);
  });
});
