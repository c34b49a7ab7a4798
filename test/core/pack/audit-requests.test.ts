import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { auditLine } from '../../../core/evidence/audit-line';
import { auditFileName } from '../../../core/evidence/audit-name';
import { GENESIS_PREV } from '../../../core/evidence/event';
import { auditRequests } from '../../../core/pack/audit-requests';
import { sha256Text } from '../../../core/pack/sha256';
import { removeTemporaryFolders, temporaryFolder } from './sample-pack';

afterAll(removeTemporaryFolders);

const START = Date.parse('2026-11-28T10:00:00.000Z');
const at = (second: number): string => new Date(START + second * 1000).toISOString();

/** What docs/audit-log.md says of a request, with a member that nobody here asks for. */
function dataOf(kmsRequestId: string): string {
  return JSON.stringify({
    ...{ store: 'payments', api: 'Decrypt', keyId: 'xks-root-1', kmsRequestId, kmsOperation: 'Decrypt', caller: 'arn:ada' },
    ...{ kmsKeyArn: 'arn:key', outcome: 'ok', reason: '', accessKeyId: 'ABCDEFGHIJKLMNOPQRST', generation: 'aa', hsmMs: 1.5 },
    ...{ totalMs: 2 },
  });
}

/** A line of second `seq`; each third is no request. */
function lineOf(seq: number): string {
  const type = seq % 3 === 0 ? 'reloaded' : 'request';
  return auditLine({ at: at(seq), type, actor: 'payments', data: dataOf(`id-${seq}`) }, { seq, prev: GENESIS_PREV }, sha256Text)
    .line;
}

/** Files of so many lines each, numbered through; the last without its end if `torn`. */
async function laid(counts: readonly number[], torn = false): Promise<string> {
  const folder = await temporaryFolder();
  let seq = 0;
  for (const count of counts) {
    const lines = Array.from({ length: count }, (_, i) => lineOf(seq + i));
    await writeFile(join(folder, auditFileName(seq)), lines.map((line) => `${line}\n`).join(''));
    seq += count;
  }
  if (torn) await appendFile(join(folder, auditFileName(seq - (counts.at(-1) ?? 0))), lineOf(seq).slice(0, -40));
  return folder;
}

async function idsSince(folder: string, since: string): Promise<readonly string[]> {
  const read = await auditRequests(folder, since);
  if (!read.ok) throw new Error(read.error.code);
  return read.value.map(({ kmsRequestId }) => kmsRequestId);
}

describe('the requests of an audit log', () => {
  it('are those from a moment on, oldest first, across the files it is in; nothing else is one', async () => {
    const folder = await laid([4, 4, 4]);
    expect(await idsSince(folder, at(0))).toEqual(['id-1', 'id-2', 'id-4', 'id-5', 'id-7', 'id-8', 'id-10', 'id-11']);
    expect(await idsSince(folder, at(5))).toEqual(['id-5', 'id-7', 'id-8', 'id-10', 'id-11']);
    expect(await idsSince(folder, at(99))).toEqual([]);
  });

  it('begin in the file before where the moment is the first of a file', async () => {
    const folder = await laid([4, 4]);
    expect(await idsSince(folder, at(4))).toEqual(['id-4', 'id-5', 'id-7']);
  });

  it('carry when the answer was ready, the number of their event, and the generation of the key', async () => {
    const read = await auditRequests(await laid([2]), at(1));
    expect(read).toMatchObject({ ok: true, value: [{ at: at(1), seq: 1, api: 'Decrypt', outcome: 'ok', generation: 'aa' }] });
  });

  it('leave out a last line that is torn, and lines that are none', async () => {
    const folder = await laid([4, 4], true);
    expect(await idsSince(folder, at(5))).toEqual(['id-5', 'id-7']);
    const file = join(folder, auditFileName(4));
    await writeFile(file, `no line\n{"at":1}\n[]\n${lineOf(5)}\n${JSON.stringify({ type: 'request', at: at(6), seq: 6 })}\n`);
    expect(await idsSince(folder, at(5))).toEqual(['id-5']);
  });

  it('do not open files that end before the moment', async () => {
    const folder = await laid([4, 4, 4]);
    await writeFile(join(folder, auditFileName(0)), lineOf(10));
    expect(await idsSince(folder, at(7))).toEqual(['id-7', 'id-8', 'id-10', 'id-11']);
  });

  it('are none where there is no log, which is said', async () => {
    expect(await auditRequests(join(await temporaryFolder(), 'nothing'), at(0))).toMatchObject({
      ok: false,
      error: { code: 'file.notFound' },
    });
    expect(await idsSince(await temporaryFolder(), at(0))).toEqual([]);
  });
});
