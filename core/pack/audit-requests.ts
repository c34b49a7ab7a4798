import { z } from 'zod';
import { success, type Result } from '../contract/result';
import { listAudit } from './audit-listing';
import { diskFailure } from './disk-failure';
import { lineJson } from './line-json';
import { readLines } from './lines';

const text = z.string();

/** What a line of type `request` says, as docs/audit-log.md has it; members that are not asked for are left out. */
const requestLine = z.object({
  at: text,
  seq: z.int().min(0),
  type: z.literal('request'),
  data: z.object({
    store: text,
    api: text.nullable(),
    keyId: text,
    kmsRequestId: text,
    kmsOperation: text,
    caller: text,
    kmsKeyArn: text,
    outcome: text,
    reason: text,
    accessKeyId: text,
    generation: text,
    hsmMs: z.number(),
  }),
});

/** One answered request of a proxy's audit log. */
export type AuditRequest = z.infer<typeof requestLine>['data'] & {
  /** ISO 8601 UTC: when the answer was ready */
  readonly at: string;
  readonly seq: number;
};

/** The request that an event of an audit log tells of; null: it tells of something else. */
export function requestIn(event: unknown): AuditRequest | null {
  const read = requestLine.safeParse(event);
  return read.success ? { ...read.data.data, at: read.data.at, seq: read.data.seq } : null;
}

/** A line that says that the HSM encrypted or decrypted something. */
export function isOperation({ api, outcome }: { readonly api?: unknown; readonly outcome?: unknown }): boolean {
  return outcome === 'ok' && (api === 'Encrypt' || api === 'Decrypt');
}

/**
 * The requests an audit log has from a moment on, oldest first. Files are read from the newest back to the first that begins before
 * it: the log of a busy proxy is long. This proves nothing; `verifyAudit` does. A torn last line is left out.
 * @param since ISO 8601 UTC
 */
export async function auditRequests(folder: string, since: string): Promise<Result<readonly AuditRequest[]>> {
  try {
    const { files } = await listAudit(folder);
    const found: AuditRequest[][] = [];
    for (const { path } of files.toReversed()) {
      const { requests, firstAt } = await requestsIn(path, since);
      found.unshift(requests);
      if (firstAt !== '' && firstAt < since) break;
    }
    return success(found.flat());
  } catch (error) {
    return diskFailure(error, folder);
  }
}

async function requestsIn(path: string, since: string): Promise<{ requests: AuditRequest[]; firstAt: string }> {
  const requests: AuditRequest[] = [];
  let firstAt = '';
  await readLines(path, {
    line: (line) => {
      const json = lineJson(line);
      firstAt ||= atOf(json);
      const request = requestIn(json);
      if (request !== null && request.at >= since) requests.push(request);
    },
    fault: () => undefined,
  });
  return { requests, firstAt };
}

function atOf(json: unknown): string {
  const read = z.object({ at: text }).safeParse(json);
  return read.success ? read.data.at : '';
}
