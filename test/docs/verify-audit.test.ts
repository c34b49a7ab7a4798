import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../core/pack/verify-audit';
import { auditFolder, clearGround, filesOf, openOn, record } from '../proxy/audit/ground';

const VERIFIER = path.resolve(import.meta.dirname, '..', '..', 'docs', 'verifier', 'verify-audit.mjs');

afterEach(clearGround);

async function verdict(folder: string): Promise<{ code: number; said: string }> {
  const run = promisify(execFile)(process.execPath, [VERIFIER, folder]);
  const { stdout, stderr, code } = await run.then(
    (ended) => ({ ...ended, code: 0 }),
    (error: unknown) => error as { stdout: string; stderr: string; code: number },
  );
  return { code, said: `${stdout}${stderr}`.trim() };
}

/** A log of three files as the proxy writes it, with names nobody expects in it. */
async function log(): Promise<string> {
  const folder = await auditFolder();
  const audit = await openOn({ folder, settings: { fileBytes: 1500 } });
  await audit.act('started', { who: 'root', why: 'é "quoted" \u202e' });
  for (let i = 0; i < 7; i++) await audit.request(record(`id-${i}`, { hsmMs: 1 / 3, caller: 'arn:"\\\u0007😀\ud800' }));
  await audit.close();
  return folder;
}

describe('the independent verifier of the audit log in the documents', () => {
  it('finds the same head as keyrite verify --audit', async () => {
    const folder = await log();
    const { head, ok } = await verifyAudit(folder);
    expect(ok).toBe(true);
    expect(await verdict(folder)).toEqual({ code: 0, said: `holds: up to event 7, head ${head}` });
  });

  it('refuses a changed byte, a missing file and a foreign one, and bears a torn end', async () => {
    const folder = await log();
    const [first = '', second = '', last = ''] = await filesOf(folder);
    const whole = await readFile(path.join(folder, second), 'utf8');
    await writeFile(path.join(folder, second), whole.replace('id-3', 'id-9'));
    expect(await verdict(folder)).toMatchObject({ code: 1, said: expect.stringContaining('the hash does not fit') as string });
    await rm(path.join(folder, second));
    expect(await verdict(folder)).toMatchObject({ code: 1, said: expect.stringContaining('is missing') as string });
    await writeFile(path.join(folder, second), whole);
    await writeFile(path.join(folder, last), (await readFile(path.join(folder, last), 'utf8')).slice(0, -5));
    expect((await verdict(folder)).said).toMatch(/^holds: .* then a torn line$/);
    await writeFile(path.join(folder, 'notes.txt'), '');
    expect(await verdict(folder)).toMatchObject({ code: 1, said: expect.stringContaining('does not belong') as string });
    expect(first).toBe('audit-000000000000.jsonl');
  });
});
