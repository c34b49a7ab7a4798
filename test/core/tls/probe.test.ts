import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkChain } from '../../../core/tls/check-chain';
import { probeTls, type ProbeOrder, type TlsProbe } from '../../../core/tls/probe';
import { chainOf, HOST, newGround, type Ground } from './ground';

let ground: Ground;
const servers: Server[] = [];

beforeAll(async () => {
  ground = await newGround(new Date());
});

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function probe(options: TlsOptions, differs: Partial<ProbeOrder> = {}): Promise<TlsProbe> {
  const server = createServer({ key: Buffer.from(ground.key), cert: chainOf(ground, null, new Date()), ...options });
  server.on('tlsClientError', () => undefined);
  const port = await listening(server);
  return probeTls({ host: '127.0.0.1', port, servername: HOST, ca: [ground.authority.rootPem], ...differs });
}

const failing = ({ checks }: TlsProbe): readonly string[] => checks.filter(({ ok }) => !ok).map(({ rule }) => rule);

describe('a probe', () => {
  it('finds version, suite and trust, and the suites of the specification in both versions', async () => {
    const seen = await probe({});
    expect(failing(seen)).toEqual([]);
    expect(seen).toMatchObject({
      protocol: 'TLSv1.3',
      problem: '',
      offered: { 'TLSv1.3': 'TLS_AES_256_GCM_SHA384', 'TLSv1.2': 'ECDHE-RSA-AES256-GCM-SHA384' },
    });
  });

  it('brings the chain as it was sent: what checkChain says of it is what it says of the file', async () => {
    const sent = chainOf(ground, null, new Date());
    const roots = [ground.authority.rootPem];
    for (const cert of [sent, chainOf(ground, 'noChain', new Date())]) {
      const { chainPem } = await probe({ cert });
      const of = (pem: string) => checkChain({ chainPem: pem, host: HOST, roots, now: new Date() }).checks.map(({ ok }) => ok);
      expect(chainPem.match(/BEGIN/g)).toEqual(cert.match(/BEGIN/g));
      expect(of(chainPem)).toEqual(of(cert));
    }
  });

  it('does not put right the order of what was sent', async () => {
    const [own = '', issuing = ''] =
      chainOf(ground, null, new Date()).match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g) ?? [];
    const { chainPem } = await probe({ cert: own + ground.authority.rootPem + issuing });
    const report = checkChain({ chainPem, host: HOST, roots: [ground.authority.rootPem], now: new Date() });
    expect(report.checks.filter(({ ok }) => !ok).map(({ rule }) => rule)).toEqual(['TLS-CHAIN-ORDER']);
  });

  it('of a server without a suite of the specification says so', async () => {
    const seen = await probe({ maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-GCM-SHA256' });
    expect(failing(seen)).toEqual(['TLS-SUITE']);
    expect(seen.offered).toEqual({ 'TLSv1.3': '', 'TLSv1.2': '' });
  });

  it('of a server with TLS 1.2 alone finds its suite', async () => {
    const seen = await probe({ maxVersion: 'TLSv1.2' });
    expect([failing(seen), seen.protocol, seen.offered['TLSv1.3']]).toEqual([[], 'TLSv1.2', '']);
  });

  it.each([
    ['another name', { servername: 'other.example.com' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['a root that is not trusted', { ca: [] as string[] }, 'SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?'],
  ])('distrusts %s and still brings what was sent', async (_what, differs, code) => {
    const seen = await probe({}, differs);
    expect(failing(seen)).toEqual(['TLS-TRUSTED']);
    expect(seen.problem).toMatch(new RegExp(`^(${code})$`));
    expect(seen.chainPem.match(/BEGIN/g)).toHaveLength(2);
  });

  it('of nobody says so', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const seen = await probeTls({ host: '127.0.0.1', port, servername: HOST });
    expect([failing(seen), seen.checks[0]?.got]).toEqual([['TLS-REACHED'], 'none (ECONNREFUSED)']);
  });

  it('of somebody who accepts and says nothing ends at its deadline', async () => {
    const held: { destroy: () => void }[] = [];
    const port = await listening(createTcpServer((socket) => void held.push(socket)));
    const seen = await probeTls({ host: '127.0.0.1', port, servername: HOST, deadlineMs: 200 });
    for (const socket of held) socket.destroy();
    expect([failing(seen), seen.checks[0]?.got]).toEqual([['TLS-REACHED'], 'none (ETIMEDOUT)']);
  });
});
