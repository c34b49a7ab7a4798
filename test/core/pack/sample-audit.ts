import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { auditLine } from '../../../core/evidence/audit-line';
import { auditFileName } from '../../../core/evidence/audit-name';
import { canonical } from '../../../core/evidence/canonical';
import { GENESIS_PREV } from '../../../core/evidence/event';
import { sha256Text } from '../../../core/pack/sha256';

/** An event of an audit log, as its proxy would write it. `at` in seconds from 08:00:00 on. */
export interface SampleEvent {
  readonly at: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function timeAt(seconds: number): string {
  return new Date(Date.parse('2026-11-28T08:00:00.000Z') + Math.round(seconds * 1000)).toISOString();
}

export const killed = (at: number, why: string, who = 'ada (uid 0)', tookMs = 0): SampleEvent => ({
  at,
  type: 'killed',
  data: { who, why, restart: 'same', stopped: true, errno: '', tookMs },
});

export const armed = (at: number, why: string, who = 'ada (uid 0)'): SampleEvent => ({
  at,
  type: 'armed',
  data: { who, why, code: '' },
});

/** A start, and the latch it came up with; null: armed. */
export const started = (at: number, latch: { readonly by: string; readonly why: string; readonly at: string } | null = null) => ({
  at,
  type: 'started',
  data: { latch: { killed: latch !== null, blocked: [], problem: '', ...(latch ?? { by: '', why: '', at: '' }) } },
});

/** A request that AWS KMS made, done or refused. */
export const request = (at: number, kmsRequestId: string, more: Readonly<Record<string, unknown>> = {}): SampleEvent => ({
  at,
  type: 'request',
  data: {
    ...{ store: 'payments', api: 'Decrypt', keyId: 'xks-root-1', kmsRequestId, kmsOperation: 'Decrypt', caller: 'arn', via: '' },
    ...{ kmsKeyArn: 'arn:key', vpc: '', vpce: '', accessKeyId: 'AKIDNEW', status: 200, outcome: 'ok', reason: '', policy: '' },
    ...{ generation: '1', queueMs: 0, hsmMs: 1, totalMs: 1 },
    ...more,
  },
});

export const refused = (at: number, kmsRequestId: string): SampleEvent =>
  request(at, kmsRequestId, { outcome: 'InvalidStateException', reason: 'killed', status: 400, hsmMs: 0 });

/** Writes an audit log of one file. `salt` makes the same events another log. */
export async function writeAudit(folder: string, events: readonly SampleEvent[], salt = ''): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, auditFileName(0)), auditText(events, salt));
}

export function auditText(events: readonly SampleEvent[], salt = ''): string {
  let prev = GENESIS_PREV;
  const lines = events.map(({ at, type, data }, seq) => {
    const { line, hash } = auditLine({ at: timeAt(at), type, actor: salt, data: canonical(data) }, { seq, prev }, sha256Text);
    prev = hash;
    return `${line}\n`;
  });
  return lines.join('');
}
