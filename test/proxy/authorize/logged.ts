import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditFileName } from '../../../core/evidence/audit-name';
import { auditLine } from '../../../core/evidence/audit-line';
import { sha256Text } from '../../../core/pack/sha256';
import { requestDraft } from '../../../proxy/audit/drafts';
import type { RequestRecord } from '../../../proxy/request-record';
import { query, temporaryFolder } from './policy-folder';

/** An audit line as the proxy writes it, with what a test wants to be different. */
export function logged(differs: Partial<RequestRecord> = {}, at = '2026-11-23T10:00:00.000Z'): string {
  const { via, ...asked } = query();
  const record: RequestRecord = {
    ...asked,
    via,
    kmsRequestId: '4112f4d6-db54-4af4-ae30-c55a22a8dfae',
    accessKeyId: 'BETWEEN2TENAND3TENCHARACTERS',
    status: 200,
    outcome: 'ok',
    reason: '',
    policy: '',
    generation: '',
    queueMs: 0,
    hsmMs: 1,
    totalMs: 2,
    ...differs,
  };
  return auditLine(requestDraft(record, at), { seq: 0, prev: '0'.repeat(64) }, sha256Text).line;
}

export const denied = (policy: string) => ({ status: 403, outcome: 'AccessDeniedException', reason: 'policy', policy }) as const;

/** An audit folder of files with these texts, the oldest first. */
export async function auditFolder(...files: readonly string[]): Promise<string> {
  const folder = join(await temporaryFolder(), 'audit');
  await mkdir(folder);
  await Promise.all(files.map((text, i) => writeFile(join(folder, auditFileName(1000 * i)), text)));
  return folder;
}

export const lines = (...each: readonly string[]): string => each.map((line) => `${line}\n`).join('');
