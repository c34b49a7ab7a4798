import { randomBytes } from 'node:crypto';
import { success, type Result } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { Answered } from '../../kms/answered';
import type { KmsPort } from '../../kms/port';
import { auditRequests, type AuditRequest } from '../../pack/audit-requests';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { kmsKeyArn } from './kms-plan';
import { deploymentHere } from './proxy-settings';
import { storePlan } from './store-plan';

/** One call of KMS, and the calls of the proxy it must have led to (Developer Guide; specification, table of operations). */
export interface ThroughKms {
  readonly operation: string;
  readonly requestId: string;
  readonly apis: readonly string[];
}

/** `host`: of a fleet's. */
type ProxyLine = AuditRequest & { readonly host?: string };

interface Used {
  readonly calls: readonly ThroughKms[];
  readonly checks: readonly Check[];
}

const CONTEXT = { purpose: 'keyrite-proof' } as const;
const ALGORITHM = 'SYMMETRIC_DEFAULT';

/** Encrypt, Decrypt, GenerateDataKey and ReEncrypt through KMS, each held against the proxy's own lines where they are at hand. */
export const awsProveStore: Act = async (context) => {
  const plan = storePlan(context.state);
  const kms = await context.kms(plan.region, 'user');
  if (!kms.ok) return kms;
  const keyArn = kmsKeyArn(context.state);
  const since = new Date(context.now().getTime() - 1000).toISOString();
  const used = await useKey(kms.value, keyArn);
  if (!used.ok) return used;
  const { calls, checks } = used.value;
  const data = { calls: calls.map((call) => ({ ...call, apis: [...call.apis] })) };
  // the lines of servers come in later, on a medium: servers.join holds them against these calls
  if (plan.place === 'server') return success(outcome({ data, checks, show: [callsTable(calls)] }));
  const lines = await ownLines(context, since);
  if (!lines.ok) return lines;
  const { joined, show } = joinedByRequestId(calls, lines.value, keyArn);
  return success(outcome({ data, checks: [...checks, joined], show }));
};

/** The lines that this station's proxy wrote from a moment on. */
export async function ownLines(context: ActContext, since: string): Promise<Result<readonly AuditRequest[]>> {
  const deployment = await deploymentHere(context);
  return deployment.ok ? auditRequests(deployment.value.auditFolder, since) : deployment;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.from(a).equals(b);
}

function verdict(rule: string, ok: boolean): Check {
  return check(rule, ok, 'the plaintext comes back', ok ? 'the plaintext comes back' : 'something else comes back');
}

async function useKey(kms: KmsPort, keyId: string): Promise<Result<Used>> {
  const calls: ThroughKms[] = [];
  const note = <T>(operation: string, apis: readonly string[], { value, requestId }: Answered<T>): T => {
    calls.push({ operation, requestId, apis });
    return value;
  };
  const decrypt = async (ciphertext: Uint8Array): Promise<Result<Uint8Array>> => {
    const answer = await kms.decrypt({ keyId, ciphertext, context: CONTEXT, algorithm: ALGORITHM });
    return answer.ok ? success(note('Decrypt', ['Decrypt'], answer.value)) : answer;
  };
  const plaintext = randomBytes(32);
  const encrypted = await kms.encrypt({ keyId, plaintext, context: CONTEXT, algorithm: ALGORITHM });
  if (!encrypted.ok) return encrypted;
  const ciphertext = note('Encrypt', ['Encrypt'], encrypted.value);
  const back = await decrypt(ciphertext);
  if (!back.ok) return back;
  const dataKey = await kms.generateDataKey(keyId, CONTEXT);
  if (!dataKey.ok) return dataKey;
  const made = note('GenerateDataKey', ['Encrypt'], dataKey.value);
  const unwrapped = await decrypt(made.ciphertext);
  if (!unwrapped.ok) return unwrapped;
  const isDataKey = same(made.plaintext, unwrapped.value);
  made.plaintext.fill(0);
  unwrapped.value.fill(0);
  const again = await kms.reEncrypt({ ciphertext, sourceKeyId: keyId, destinationKeyId: keyId, context: CONTEXT });
  if (!again.ok) return again;
  const moved = await decrypt(note('ReEncrypt', ['Decrypt', 'Encrypt'], again.value));
  if (!moved.ok) return moved;
  return success({
    calls,
    checks: [
      verdict('CER-XKS-ROUND-TRIP', same(plaintext, back.value)),
      verdict('CER-XKS-DATA-KEY', isDataKey),
      verdict('CER-XKS-REENCRYPT', same(plaintext, moved.value)),
    ],
  });
}

function callsTable(calls: readonly ThroughKms[]): ShowBlock {
  return {
    kind: 'table',
    title: 'Through AWS KMS',
    columns: ['Operation', 'Request id', 'Calls of the proxy'],
    rows: calls.map(({ operation, requestId, apis }) => [operation, requestId, apis.join(' and ')]),
    empty: 'Nothing.',
  };
}

/** Every call of KMS beside the lines of the proxy with its request id: the same calls, for the same key, all of them ok. */
export function joinedByRequestId(
  calls: readonly ThroughKms[],
  lines: readonly ProxyLine[],
  keyArn: string,
): { joined: Check; show: ShowBlock[] } {
  const rows = calls.map((call) => ({ call, lines: linesOf(call, lines) }));
  const missing = rows.filter((row) => !isJoined(row.call, row.lines, keyArn)).map(({ call }) => call.requestId);
  const callers = [...new Set(rows.flatMap((row) => row.lines.map(({ caller }) => caller)))];
  return {
    joined: check('CER-XKS-JOINED', missing.length === 0, 'a line for every call', missing.join(', ') || 'a line for every call'),
    show: [
      {
        kind: 'table',
        title: 'Both sides, by request id',
        columns: ['AWS KMS', 'Request id', 'The proxy', 'Outcome', 'Event of its log'],
        rows: rows.map(({ call, lines: own }) => [
          call.operation,
          call.requestId,
          own.map(({ api }) => api ?? '').join(', '),
          own.map(({ outcome: it }) => it).join(', '),
          own.map(({ host, seq }) => (host === undefined ? String(seq) : `${host} ${seq}`)).join(', '),
        ]),
        empty: 'Nothing.',
      },
      facts('What the proxy was told', [
        ['Caller', callers.join(', '), true],
        ['KMS key', keyArn, true],
      ]),
    ],
  };
}

/** The lines of the proxy that a call of KMS led to. */
export function linesOf<Line extends AuditRequest>(
  { requestId }: Pick<ThroughKms, 'requestId'>,
  lines: readonly Line[],
): readonly Line[] {
  return lines.filter(({ kmsRequestId }) => kmsRequestId === requestId);
}

function isJoined({ apis }: ThroughKms, lines: readonly AuditRequest[], keyArn: string): boolean {
  const found = lines.map(({ api }) => api ?? '').toSorted();
  const wanted = apis.toSorted();
  const isWhole = found.length === wanted.length && found.every((api, i) => api === wanted[i]);
  return isWhole && lines.every((line) => line.outcome === 'ok' && line.kmsKeyArn === keyArn);
}
