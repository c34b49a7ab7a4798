import { Agent, request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import type { HealthAnswer } from '../../core/xks/wire';
import type { Credential } from '../../proxy/auth/credentials';
import type { FrontParts } from '../../proxy/http/front';
import type { HsmRules } from '../../proxy/hsm/port';
import type { RequestRecord } from '../../proxy/request-record';
import { startServer, type ProxyServer, type ServerSettings } from '../../proxy/server';
import { servingOf, type Serving } from '../../proxy/serving';
import type { KeyStoreSettings, Settings } from '../../proxy/settings/settings';
import { fakeHsm, fakeKey, type FakeHsm } from './fake-hsm';
import { CREDENTIAL, REGION, signedHeaders, type Signing } from './xks-call';

export const PREFIX = '/example/uri/path/prefix';
export const BASE = `${PREFIX}/kms/xks/v1`;

export const HEALTH: HealthAnswer = {
  xksProxyFleetSize: 1,
  xksProxyVendor: 'Keyrite',
  xksProxyModel: 'Keyrite XKS proxy 0.1.0',
  ekmVendor: 'tests',
  ekmFleetDetails: [{ id: '1', model: 'Fake HSM', healthStatus: 'ACTIVE' }],
};

export const STORE: KeyStoreSettings = {
  name: 'first',
  prefix: PREFIX,
  region: REGION,
  credentials: [],
  keys: new Set(['foo', 'bar', 'decrypt-only', 'encrypt-only', 'gone']),
  foreignFramings: ['sample'],
};

const LISTEN: ServerSettings = {
  server: {
    host: '127.0.0.1',
    port: 0,
    allowsPlainHttp: false,
    pingPort: null,
    bodyBytes: 65_536,
    headerBytes: 16_384,
    // Nobody is cut off by a busy machine; tests of who is cut off say so.
    headersTimeoutMs: 60_000,
    requestTimeoutMs: 60_000,
    keepAliveTimeoutMs: 60_000,
    connections: 1000,
  },
  tls: null,
  tcpKeepAlive: { idleMs: 60_000 },
};

/** What a server can be started with besides the usual. */
export interface GroundOptions {
  readonly server?: Partial<Settings['server']>;
  readonly tls?: Settings['tls'];
  readonly stores?: readonly KeyStoreSettings[];
  readonly credentials?: readonly Credential[];
  readonly serving?: Partial<Pick<Settings, 'keys' | 'limits' | 'isSigV4On'>> & {
    readonly auditOnFailure?: 'refuse' | 'continue';
  };
  readonly parts?: Partial<FrontParts>;
  readonly rules?: HsmRules;
  readonly hsm?: FakeHsm;
}

export interface Ground {
  readonly server: ProxyServer;
  readonly hsm: FakeHsm;
  readonly records: RequestRecord[];
  readonly faults: unknown[];
  /** what new requests are served by */
  serving: Serving;
  readonly host: string;
  /** a signed call over one keep-alive connection pool */
  readonly call: (target: string, body: unknown, signing?: Signing) => Promise<Reply>;
  readonly send: (wanted: Sending) => Promise<Reply>;
}

export interface Sending {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: Uint8Array | string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** The serving state of these stores, everything else as in most tests. */
export function serving(options: GroundOptions = {}, before: Serving | null = null): Serving {
  const keyStores = options.stores ?? [STORE];
  const { auditOnFailure = 'refuse', ...some } = options.serving ?? {};
  const settings = {
    keyStores,
    keys: new Map(),
    limits: { plaintextBytes: 8192, aadBytes: 16_384 },
    isSigV4On: true,
    audit: { folder: '', onFailure: auditOnFailure, fileBytes: 0, sync: 'second' },
    ...some,
  } as unknown as Settings;
  const secrets = new Map(keyStores.map(({ prefix }) => [prefix, options.credentials ?? [CREDENTIAL]]));
  return servingOf(settings, secrets, before, Date.now());
}

/** A real server on a port of its own over a fake HSM; closed when the test ends. */
export async function ground(options: GroundOptions = {}): Promise<Ground> {
  const hsm =
    options.hsm ??
    fakeHsm({
      keys: [
        fakeKey('foo'),
        fakeKey('bar'),
        { ...fakeKey('decrypt-only'), usages: ['DECRYPT'] },
        { ...fakeKey('encrypt-only'), usages: ['ENCRYPT'] },
      ],
      ...(options.rules ? { rules: options.rules } : {}),
    });
  const records: RequestRecord[] = [];
  const faults: unknown[] = [];
  const state = { serving: serving(options) };
  const parts: FrontParts = {
    serving: () => state.serving,
    hsm,
    latch: options.rules ?? { mayUse: () => null },
    authorizer: () => null,
    health: () => HEALTH,
    ping: () => true,
    audit: { request: async () => true },
    onRecord: (record) => void records.push(record),
    onFault: (error) => void faults.push(error),
    now: () => Date.now(),
    ...options.parts,
  };
  const settings: ServerSettings = {
    ...LISTEN,
    server: { ...LISTEN.server, ...options.server },
    tls: options.tls ?? null,
  };
  const started = await startServer(settings, parts);
  if (!started.ok) throw new Error(`${started.problem.problem} ${started.problem.remedy}`);
  const server = started.value;
  const agent = new Agent({ keepAlive: true });
  onTestFinished(async () => {
    agent.destroy();
    await server.close();
  });
  const host = `127.0.0.1:${server.port}`;
  const send = (wanted: Sending): Promise<Reply> => sent(server.port, agent, wanted);
  return Object.assign(state, {
    server,
    hsm,
    records,
    faults,
    host,
    send,
    call: (target: string, body: unknown, signing: Signing = {}) => {
      const path = target.startsWith('/') ? target : `${BASE}/${target}`;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      return send({ path, headers: signedHeaders(host, path, text, signing), body: text });
    },
  });
}

function sent(port: number, agent: Agent, { method = 'POST', path, headers = {}, body = '' }: Sending): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, agent, method, path, headers: { ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve(replyOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString('utf8')));
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

export function replyOf(status: number, headers: Reply['headers'], text: string): Reply {
  return { status, headers, text, json: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {} };
}
