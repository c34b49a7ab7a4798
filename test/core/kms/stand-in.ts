import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcp, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { openKms, type KmsOptions } from '../../../core/kms/open';
import type { KmsPort } from '../../../core/kms/port';
import type { Rim } from '../../../core/kms/retry';

export const REGION = 'eu-central-1';
export const ACCOUNT = '000000000000';
export const KEY_ID = '5f0c0a3e-1d5c-4a59-8f5e-7a1f7e0f6f11';
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KEY_ID}`;

/** Longer than any machine is busy. */
export const TIMEOUT_MS = 60_000;

/** Nothing of them may show anywhere. */
export const CREDENTIALS = {
  accessKeyId: 'AKIACANARYCANARY0001',
  secretAccessKey: 'canary/secret/access/key/0123456789abcdef',
  sessionToken: 'canary-session-token-0123456789',
};

export interface Asked {
  readonly operation: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

export type Answer = (asked: Asked, response: ServerResponse, nth: number) => void;

async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What every answer of a rehearsal KMS carries. */
export function head(extra: Record<string, string> = {}): Record<string, string> {
  return {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': '11111111-2222-3333-4444-555555555555',
    'x-keyrite-rehearsal': '1',
    ...extra,
  };
}

export function json(response: ServerResponse, value: unknown, status = 200, extra: Record<string, string> = {}): void {
  response.writeHead(status, head(extra)).end(JSON.stringify(value));
}

/** An error as KMS words it. */
export function refuse(response: ServerResponse, name: string, message: string, status = 400): void {
  json(response, { __type: name, message }, status);
}

export function callerIdentity(response: ServerResponse, account = ACCOUNT, extra: Record<string, string> = {}): void {
  const result = `<Arn>arn:aws:iam::${account}:user/operator</Arn><UserId>AIDAEXAMPLE</UserId><Account>${account}</Account>`;
  response
    .writeHead(200, head({ 'content-type': 'text/xml', ...extra }))
    .end(
      `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}</GetCallerIdentityResult><ResponseMetadata><RequestId>aaaa</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
    );
}

const ended: (() => void)[] = [];

export function endAll(): void {
  for (const end of ended.splice(0)) end();
}

function operationOf({ headers }: IncomingMessage, body: string): string {
  return String(headers['x-amz-target'] ?? '').split('.')[1] ?? /Action=(\w+)/.exec(body)?.[1] ?? '';
}

/** An HTTP server in KMS's place that says who it is; everything else is `answer`'s. `nth` counts from 1, per operation. */
export async function standIn(answer: Answer, identity: Answer = (_, response) => callerIdentity(response)) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.once('end', () => {
      const one = { operation: operationOf(request, body), body, headers: request.headers };
      asked.push(one);
      const nth = asked.filter(({ operation }) => operation === one.operation).length;
      (one.operation === 'GetCallerIdentity' ? identity : answer)(one, response, nth);
    });
  });
  const url = await listening(server);
  ended.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url, asked, count: (operation: string) => asked.filter((one) => one.operation === operation).length };
}

/** Bytes instead of HTTP. */
export async function tcpStandIn(connected: (socket: Socket) => void): Promise<string> {
  const server = createTcp((socket) => {
    socket.on('error', () => undefined);
    connected(socket);
  });
  const url = await listening(server);
  ended.push(() => server.close());
  return url;
}

/** A rim that never waits: it notes how long it should have, and its clock goes on by as much. */
export function quickRim(startMs = Date.now()): Rim & { readonly waits: number[] } {
  const waits: number[] = [];
  let passedMs = 0;
  return {
    waits,
    nowMs: () => startMs + passedMs,
    delay: async (ms) => {
      waits.push(ms);
      passedMs += ms;
    },
  };
}

export function rehearsal(endpoint: string, rim: Rim = quickRim(), options: Partial<KmsOptions> = {}): KmsPort {
  const opened = openKms(
    { region: REGION, endpoint, profile: '', credentials: CREDENTIALS, runMode: 'rehearsal', timeoutMs: TIMEOUT_MS, ...options },
    rim,
  );
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  ended.push(() => opened.value.close());
  return opened.value;
}

export function keyMetadata(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    AWSAccountId: ACCOUNT,
    KeyId: KEY_ID,
    Arn: KEY_ARN,
    CreationDate: 1_764_300_000,
    Enabled: false,
    Description: 'payments',
    KeyUsage: 'ENCRYPT_DECRYPT',
    KeyState: 'PendingImport',
    Origin: 'EXTERNAL',
    KeySpec: 'SYMMETRIC_DEFAULT',
    MultiRegion: false,
    ...over,
  };
}
