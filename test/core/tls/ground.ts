import { certificateRequest } from '../../../core/tls/request';
import { issueForRehearsal, rehearsalAuthority, type Flaw, type RehearsalAuthority } from '../../../core/tls/rehearsal-authority';
import { makeServerKey } from '../../../core/tls/server-key';

export const HOST = 'xks.example.com';
export const NOW = new Date('2026-11-28T12:00:00Z');

/** A practice CA and a key with its request, made once for a file of tests: keys take a while. */
export interface Ground {
  readonly authority: RehearsalAuthority;
  readonly key: Uint8Array;
  readonly publicKeySha256: string;
  readonly requestPem: string;
}

export async function newGround(now = NOW): Promise<Ground> {
  const [authority, { pem: key, publicKeySha256 }] = await Promise.all([rehearsalAuthority({ now }), makeServerKey(2048)]);
  const request = certificateRequest({ key, host: HOST });
  if (!request.ok) throw new Error(JSON.stringify(request.error));
  return { authority, key, publicKeySha256, requestPem: request.value.pem };
}

export function chainOf({ authority, requestPem }: Ground, flaw: Flaw | null = null, now = NOW): string {
  const issued = issueForRehearsal(authority, { requestPem, host: HOST, now, flaw });
  if (!issued.ok) throw new Error(JSON.stringify(issued.error));
  return issued.value.chainPem;
}
