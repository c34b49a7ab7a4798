import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkChain, publicRoots, type ChainReport } from '../../../core/tls/check-chain';
import { authority, certificate, certificateFolder, hasOpenssl, type Order } from '../../proxy/auth/certificates';
import { issue } from '../as-kms/certificates';
import { chainOf, HOST, newGround, NOW, type Ground } from './ground';

let ground: Ground;

beforeAll(async () => {
  ground = await newGround();
});

const failing = ({ checks }: ChainReport): readonly string[] => checks.filter(({ ok }) => !ok).map(({ rule }) => rule);

function reportOf(chainPem: string, differs: Partial<Parameters<typeof checkChain>[0]> = {}): ChainReport {
  return checkChain({ chainPem, host: HOST, roots: [ground.authority.rootPem], now: NOW, ...differs });
}

const blocks = (pem: string): readonly string[] => pem.match(/-----BEGIN[\s\S]+?-----END CERTIFICATE-----\n/g) ?? [];

describe('a certificate of the practice CA', () => {
  it('passes every rule, for 90 days, and is known to be none of a public CA', () => {
    const report = reportOf(chainOf(ground), { publicKeySha256: ground.publicKeySha256 });
    expect(failing(report)).toEqual([]);
    expect(report.checks.map(({ rule }) => rule)).toEqual([
      'TLS-CHAIN-READ',
      'TLS-CHAIN-ORDER',
      'TLS-CHAIN-COMPLETE',
      'TLS-CHAIN-VALID',
      'TLS-NOT-SELF-SIGNED',
      'TLS-NAME-CN',
      'TLS-NAME-SAN',
      'TLS-VALID-NOW',
      'TLS-DAYS-LEFT',
      'TLS-KEY',
      'TLS-SIGNATURE',
      'TLS-USAGE',
      'TLS-KEY-FITS',
    ]);
    expect(report.certificate).toMatchObject({
      commonName: HOST,
      names: `DNS:${HOST}`,
      daysLeft: 90,
      root: 'REHEARSAL practice root',
      publicKeySha256: ground.publicKeySha256,
    });
    expect(report.certificate?.issuer).toContain('REHEARSAL');
    expect(report.toConfirm.map(({ rule }) => rule)).toEqual(['TLS-AUTHORITY']);
    expect(report.toConfirm[0]?.got).toContain('not a public CA');
  });

  it.each([
    ['expired', ['TLS-VALID-NOW', 'TLS-DAYS-LEFT']],
    ['wrongName', ['TLS-NAME-CN', 'TLS-NAME-SAN']],
    ['noChain', ['TLS-CHAIN-COMPLETE']],
  ] as const)('that is %s fails by the rules for that, and by no other', (flaw, rules) => {
    expect(failing(reportOf(chainOf(ground, flaw)))).toEqual(rules);
  });

  it('fails when its days run out, and before it begins', () => {
    const chain = chainOf(ground);
    const at = (days: number) => failing(reportOf(chain, { now: new Date(NOW.getTime() + days * 86_400_000) }));
    expect(at(60)).toEqual([]);
    expect(at(61)).toEqual(['TLS-DAYS-LEFT']);
    expect(at(91)).toEqual(['TLS-VALID-NOW', 'TLS-DAYS-LEFT']);
    expect(at(-1)).toEqual(['TLS-VALID-NOW']);
  });

  it('in the wrong order is told from one that is incomplete', () => {
    const [own = '', issuing = ''] = blocks(chainOf(ground));
    const root = ground.authority.rootPem;
    expect(failing(reportOf(own + root + issuing))).toEqual(['TLS-CHAIN-ORDER']);
    expect(failing(reportOf(own + issuing + root))).toEqual([]);
    expect(failing(reportOf(own + root))).toEqual(['TLS-CHAIN-ORDER', 'TLS-CHAIN-COMPLETE']);
  });

  it('is for another key than ours', () => {
    expect(failing(reportOf(chainOf(ground), { publicKeySha256: '0'.repeat(64) }))).toEqual(['TLS-KEY-FITS']);
  });

  it('leads to no root where the practice root is not trusted: neither by Node nor by a CA of the same name', async () => {
    const other = await newGround();
    expect(failing(reportOf(chainOf(ground), { roots: publicRoots() }))).toEqual(['TLS-CHAIN-COMPLETE']);
    expect(failing(reportOf(chainOf(ground), { roots: [other.authority.rootPem] }))).toEqual(['TLS-CHAIN-COMPLETE']);
  });

  it('is not for a host beside it, and the refused names are shown', () => {
    const report = reportOf(chainOf(ground), { host: 'xks2.example.com' });
    expect(failing(report)).toEqual(['TLS-NAME-CN', 'TLS-NAME-SAN']);
    expect(report.checks.find(({ rule }) => rule === 'TLS-NAME-SAN')?.got).toBe(`DNS:${HOST}`);
  });
});

describe('a chain that is none', () => {
  it.each([
    ['nothing', ''],
    ['a text', 'no certificate'],
    ['a certificate cut off', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n'],
    ['one whole and one cut off', `${rootCertificates[0]}\n-----BEGIN CERTIFICATE-----\nMIIB`],
    ['a bundle of roots', rootCertificates.slice(0, 11).join('\n')],
  ])('%s: is said to be unreadable, and nothing else', (_what, chainPem) => {
    const report = reportOf(chainPem);
    expect(failing(report)).toEqual(['TLS-CHAIN-READ']);
    expect(report).toMatchObject({ toConfirm: [], certificate: null });
    expect(report.checks).toHaveLength(1);
  });
});

describe('a certificate that signed itself', () => {
  it('fails, also where somebody trusts it', () => {
    const own = issue({ commonName: HOST, dnsNames: [HOST] });
    expect(failing(reportOf(own.certPem))).toEqual(['TLS-CHAIN-COMPLETE', 'TLS-NOT-SELF-SIGNED', 'TLS-USAGE']);
    expect(failing(reportOf(own.certPem, { roots: [own.certPem] }))).toContain('TLS-NOT-SELF-SIGNED');
  });

  it('that is a CA besides fails for a server', () => {
    const own = issue({ commonName: HOST, dnsNames: [HOST], isAuthority: true });
    expect(failing(reportOf(own.certPem, { roots: [own.certPem] }))).toEqual(['TLS-NOT-SELF-SIGNED', 'TLS-USAGE']);
  });
});

describe('an intermediate certificate', () => {
  it('that has expired breaks the chain although the server’s own has not', () => {
    const root = issue({ commonName: 'Root', isAuthority: true });
    const between = issue({ commonName: 'Between', isAuthority: true, issuer: root, days: -2 });
    const own = issue({ commonName: HOST, dnsNames: [HOST], issuer: between });
    const report = checkChain({
      chainPem: own.certPem + between.certPem,
      host: HOST,
      roots: [root.certPem],
      now: new Date(),
    });
    expect(failing(report)).toEqual(['TLS-CHAIN-VALID', 'TLS-DAYS-LEFT', 'TLS-USAGE']);
  });
});

describe.skipIf(!hasOpenssl)('a certificate as OpenSSL makes it', () => {
  function failingOf(order: Partial<Order>, host = HOST): { readonly rules: readonly string[]; readonly report: ChainReport } {
    const folder = certificateFolder();
    const ca = authority(folder);
    const { certificateFile } = certificate(folder, ca, { name: 'server', days: 60, ...order });
    const chainPem = readFileSync(certificateFile, 'utf8');
    const report = checkChain({ chainPem, host, roots: [readFileSync(ca.certificateFile, 'utf8')], now: new Date() });
    return { rules: failing(report), report };
  }

  it.each(['rsa:2048', 'prime256v1', 'secp384r1'])('with a key of %s is strong enough', (key) => {
    expect(failingOf({ key }).rules).toEqual([]);
  });

  it.each(['rsa:1024', 'secp521r1', 'secp256k1'])('with a key of %s is not one that AWS KMS takes', (key) => {
    expect(failingOf({ key }).rules).toEqual(['TLS-KEY']);
  });

  it('for clients only is none for a server', () => {
    expect(failingOf({ usage: 'clientAuth' }).rules).toEqual(['TLS-USAGE']);
  });

  it('with its name in one place only fails by the other', () => {
    expect(failingOf({ names: '' }).rules).toEqual(['TLS-NAME-SAN']);
    expect(failingOf({ commonName: 'Our proxy' }).rules).toEqual(['TLS-NAME-CN']);
  });

  it('for a wildcard counts for one level, and people are asked about the calendar', () => {
    const wildcard = { commonName: '*.example.com', names: 'DNS:*.example.com' };
    const { rules, report } = failingOf(wildcard);
    expect([rules, report.toConfirm.map(({ rule }) => rule)]).toEqual([[], ['TLS-AUTHORITY', 'TLS-WILDCARD']]);
    expect(failingOf(wildcard, 'a.xks.example.com').rules).toEqual(['TLS-NAME-CN', 'TLS-NAME-SAN']);
    expect(failingOf(wildcard, 'example.com').rules).toEqual(['TLS-NAME-CN', 'TLS-NAME-SAN']);
  });

  it('signed with SHA-1 fails', () => {
    const folder = certificateFolder();
    const ca = authority(folder);
    const [key, request, extensions, file] = ['k', 'r', 'e', 'c'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
      string,
    ];
    writeFileSync(extensions, `extendedKeyUsage=serverAuth\nsubjectAltName=DNS:${HOST}\n`);
    const run = (...args: readonly string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
    run('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${HOST}`, '-keyout', key, '-out', request);
    run(
      ...['x509', '-req', '-sha1', '-in', request, '-CA', ca.certificateFile, '-CAkey', ca.keyFile, '-CAcreateserial'],
      ...['-days', '60', '-extfile', extensions, '-out', file],
    );
    const roots = [readFileSync(ca.certificateFile, 'utf8')];
    const report = checkChain({ chainPem: readFileSync(file, 'utf8'), host: HOST, roots, now: new Date() });
    expect(failing(report)).toEqual(['TLS-SIGNATURE']);
    expect(report.checks.find(({ rule }) => rule === 'TLS-SIGNATURE')?.got).toBe(`${HOST}: ECDSA with SHA-1`);
  });

  it('is what OpenSSL verifies, too, when the practice CA made it', () => {
    const folder = certificateFolder();
    const [own = '', issuing = ''] = blocks(chainOf(ground, null, new Date()));
    const [rootFile, issuingFile, ownFile] = ['root', 'issuing', 'own'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(rootFile, ground.authority.rootPem);
    writeFileSync(issuingFile, issuing);
    writeFileSync(ownFile, own);
    const args = ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', HOST];
    expect(
      execFileSync('openssl', [...args, '-CAfile', rootFile, '-untrusted', issuingFile, ownFile], { encoding: 'utf8' }),
    ).toContain(': OK');
  });
});
