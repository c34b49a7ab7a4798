import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  ConnectCustomKeyStoreCommand,
  CreateCustomKeyStoreCommand,
  CreateKeyCommand,
  DescribeCustomKeyStoresCommand,
  type CreateCustomKeyStoreCommandInput,
  type CustomKeyStoresListEntry,
  type KeyMetadata,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { expect, onTestFinished } from 'vitest';
import type { ProxyPlace } from '../../../../core/rehearsal/kms/proxies';
import type { RehearsalKms, RehearsalKmsOptions } from '../../../../core/rehearsal/kms/start';
import { fakeHsm, fakeKey, type FakeHsm } from '../../../proxy/fake-hsm';
import { ground, PREFIX, type Ground, type GroundOptions } from '../../../proxy/server-ground';
import { CREDENTIAL, REGION } from '../../../proxy/xks-call';
import { issue, type Issued, type Wanted } from '../../as-kms/certificates';
import { ABROAD, clientOf, startKms } from './ground';

export const HOST = 'xks.example.com';
export const ENDPOINT = `https://${HOST}`;
export const STORE_REGION = REGION;
export const PATH = `${PREFIX}/kms/xks/v1`;
export { CREDENTIAL };

export const ROOT = issue({ commonName: 'Rehearsal Root', isAuthority: true });

export function serverCertificate(wanted: Partial<Wanted> = {}): Issued {
  return issue({ commonName: HOST, dnsNames: [HOST], issuer: ROOT, ...wanted });
}

/** A proxy of ours behind TLS, with a fake HSM that has `foo`, `bar` and others; closed when the test ends. */
export async function proxyBehindTls(options: GroundOptions = {}, certificate = serverCertificate()) {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [certificateFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(certificateFile, certificate.certPem);
  await writeFile(keyFile, certificate.keyPem, { mode: 0o600 });
  const proxy = await ground({ ...options, tls: { certificateFile, keyFile, client: null } });
  return { proxy, place: placeOf(proxy.server.port) };
}

export function placeOf(port: number, ca: string | null = ROOT.certPem): ProxyPlace {
  return { host: '127.0.0.1', port, ca };
}

export interface Said {
  readonly status?: number;
  readonly contentType?: string;
  readonly body: string;
}

/** Behind the same TLS, a server that answers what the test says, or never. */
export async function sayingProxy(
  answer: (path: string, body: Record<string, unknown>, nth: number) => Said | 'silence',
  { certPem, keyPem }: Issued = serverCertificate(),
) {
  const asked: { path: string; body: Record<string, unknown> }[] = [];
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (part: string) => (text += part));
    request.once('end', () => {
      const body = JSON.parse(text) as Record<string, unknown>;
      asked.push({ path: request.url ?? '', body });
      const said = answer(request.url ?? '', body, asked.length);
      if (said === 'silence') return;
      response.writeHead(said.status ?? 200, { 'content-type': said.contentType ?? 'application/json' }).end(said.body);
    });
  });
  await listening(server);
  return { asked, place: placeOf((server.address() as AddressInfo).port) };
}

async function listening(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
}

/** A port of this machine that nobody listens on any more. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export const HEALTHY = JSON.stringify({
  xksProxyFleetSize: 1,
  xksProxyVendor: 'tests',
  xksProxyModel: 'tests 1',
  ekmVendor: 'tests',
  ekmFleetDetails: [{ id: '1', model: 'none', healthStatus: 'ACTIVE' }],
});

/** A rehearsal KMS whose proxies are where `at.place` says, at each moment anew. Nobody is cut off by a busy machine. */
export async function kmsWithProxy(place: ProxyPlace | null, options: Partial<RehearsalKmsOptions> = {}, region = STORE_REGION) {
  const at = { place };
  const kms = await startKms({
    regions: [STORE_REGION, ABROAD],
    proxyAt: () => at.place,
    proxyTimeoutMs: 20_000,
    ...options,
  });
  return { kms, client: clientOf(kms, region), at };
}

export function storeInput(over: Partial<CreateCustomKeyStoreCommandInput> = {}): CreateCustomKeyStoreCommandInput {
  return {
    CustomKeyStoreName: 'payments',
    CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
    XksProxyConnectivity: 'PUBLIC_ENDPOINT',
    XksProxyUriEndpoint: ENDPOINT,
    XksProxyUriPath: PATH,
    XksProxyAuthenticationCredential: { AccessKeyId: CREDENTIAL.accessKeyId, RawSecretAccessKey: CREDENTIAL.secret },
    ...over,
  };
}

export async function makeStore(client: KMSClient, over: Partial<CreateCustomKeyStoreCommandInput> = {}): Promise<string> {
  const { CustomKeyStoreId } = await client.send(new CreateCustomKeyStoreCommand(storeInput(over)));
  return CustomKeyStoreId!;
}

export async function lookAt(client: KMSClient, storeId: string): Promise<CustomKeyStoresListEntry> {
  const { CustomKeyStores = [] } = await client.send(new DescribeCustomKeyStoresCommand({ CustomKeyStoreId: storeId }));
  return CustomKeyStores[0]!;
}

/** Looks until the store is on its way no more. */
export async function settled(client: KMSClient, storeId: string): Promise<CustomKeyStoresListEntry> {
  for (;;) {
    const store = await lookAt(client, storeId);
    if (!store.ConnectionState?.endsWith('ING')) return store;
    await wait(5);
  }
}

export async function connect(client: KMSClient, storeId: string): Promise<CustomKeyStoresListEntry> {
  await client.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: storeId }));
  return settled(client, storeId);
}

export async function makeXksKey(client: KMSClient, storeId: string, xksKeyId = 'foo'): Promise<KeyMetadata> {
  const input = { Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId: storeId, XksKeyId: xksKeyId } as const;
  const { KeyMetadata } = await client.send(new CreateKeyCommand(input));
  return KeyMetadata!;
}

export interface Connected {
  readonly kms: RehearsalKms;
  readonly client: KMSClient;
  readonly at: { place: ProxyPlace | null };
  readonly proxy: Ground;
  readonly hsm: FakeHsm;
  readonly storeId: string;
}

/** A connected store in front of a proxy of ours. */
export async function connectedStore(options: GroundOptions = {}, more: Partial<RehearsalKmsOptions> = {}): Promise<Connected> {
  const { proxy, place } = await proxyBehindTls(options);
  const { kms, client, at } = await kmsWithProxy(place, more);
  const storeId = await makeStore(client);
  expect(await connect(client, storeId)).toMatchObject({ ConnectionState: 'CONNECTED' });
  return { kms, client, at, proxy, hsm: proxy.hsm, storeId };
}

/** An HSM with keys that a test holds in its hand. */
export function hsmWith(...labels: readonly string[]): FakeHsm {
  return fakeHsm({ keys: labels.map((label) => fakeKey(label)) });
}
