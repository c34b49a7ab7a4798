import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { checkChain, publicRoots } from '../../../core/tls/check-chain';
import { probeTls } from '../../../core/tls/probe';
import { issueForRehearsal, rehearsalAuthority, type Flaw } from '../../../core/tls/rehearsal-authority';
import { certificateRequest } from '../../../core/tls/request';
import { makeServerKey } from '../../../core/tls/server-key';

/** Runs inside Electron as Node (its crypto is BoringSSL): everything the desktop does with certificates, as one JSON object. */
const HOST = 'xks.example.com';
const now = new Date();
const key = await makeServerKey(2048);
const request = certificateRequest({ key: key.pem, host: HOST });
if (!request.ok) throw new Error(JSON.stringify(request.error));
const requestPem = request.value.pem;
const authority = await rehearsalAuthority({ now });
const roots = [authority.rootPem];

const failing = (checks: readonly { readonly rule: string; readonly ok: boolean }[]): readonly string[] =>
  checks.filter(({ ok }) => !ok).map(({ rule }) => rule);

function chainWith(flaw: Flaw | null): string {
  const issued = issueForRehearsal(authority, { requestPem, host: HOST, now, flaw });
  if (!issued.ok) throw new Error(JSON.stringify(issued.error));
  return issued.value.chainPem;
}

const flaws = ['expired', 'wrongName', 'noChain', null] as const;
const reports = flaws.map((flaw) => [
  String(flaw),
  failing(checkChain({ chainPem: chainWith(flaw), host: HOST, roots, now }).checks),
]);
const server = createServer({ key: Buffer.from(key.pem), cert: chainWith(null) });
await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const seen = await probeTls({ host: '127.0.0.1', port, servername: HOST, ca: roots });
server.close();
const probed = failing(
  checkChain({ chainPem: seen.chainPem, host: HOST, roots, now, publicKeySha256: key.publicKeySha256 }).checks,
);
process.stdout.write(
  JSON.stringify({
    requestPem,
    rootPem: authority.rootPem,
    chainPem: chainWith(null),
    reports: Object.fromEntries(reports) as Record<string, readonly string[]>,
    probe: failing(seen.checks),
    protocol: seen.protocol,
    probed,
    roots: publicRoots().length,
  }),
);
