import { rootCertificates } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import type { Check } from '../keys/evidence';
import { publicKeyDigest } from './certificate-key';
import { certificatesOf, commonNames, isStrongSignature, keyOf, shown, signatureOf, titleOf } from './certificate-file';
import { breakIn, isSelfSigned, isValidAt, pathOf, type Path } from './certification-path';

/** A chain that shows more roots than there are public CAs is none we were meant to read. */
const MOST_ROOTS = 1000;
const DAY_MS = 86_400_000;
/** AWS KMS raises no alarm itself; the own one rings at 10 days, so a certificate that starts with less than 30 is no start. */
const LEAST_DAYS = 30;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

export interface ChainOrder {
  /** what the server shows: its certificate, then each that signed the one before */
  readonly chainPem: string;
  /** XksProxyUriEndpoint without https:// */
  readonly host: string;
  /** trusted roots as PEM; `publicRoots` of this file, or that of a practice CA */
  readonly roots: readonly string[];
  readonly now: Date;
  /** SHA-256 of the key's SubjectPublicKeyInfo, hex: the certificate has to be for this key */
  readonly publicKeySha256?: string;
}

/** What people have to look up, because no rule can tell from the certificate. */
export interface ToConfirm {
  readonly rule: 'TLS-AUTHORITY' | 'TLS-WILDCARD';
  readonly what: string;
  readonly got: string;
}

export interface CertificateFacts {
  readonly commonName: string;
  /** dNSName entries, as Node writes them */
  readonly names: string;
  readonly issuer: string;
  readonly serialNumber: string;
  /** ISO 8601 UTC */
  readonly validFrom: string;
  readonly validTo: string;
  /** whole days until the first certificate of the path expires; negative: it has */
  readonly daysLeft: number;
  /** SHA-256 of the certificate, hex */
  readonly sha256: string;
  readonly publicKeySha256: string;
  /** '' where the chain leads to no trusted root */
  readonly root: string;
}

export interface ChainReport {
  readonly checks: readonly Check[];
  readonly toConfirm: readonly ToConfirm[];
  /** null: no certificate could be read */
  readonly certificate: CertificateFacts | null;
}

/** The roots that Node trusts (Mozilla's list). AWS KMS trusts a list of its own, which is narrower. */
export function publicRoots(): readonly string[] {
  return rootCertificates;
}

let publicFingerprints: ReadonlySet<string> | null = null;

function isPublicRoot({ fingerprint256 }: X509Certificate): boolean {
  publicFingerprints ??= new Set(publicRoots().map((pem) => new X509Certificate(pem).fingerprint256));
  return publicFingerprints.has(fingerprint256);
}

const hex = (fingerprint: string): string => fingerprint.replaceAll(':', '').toLowerCase();
const iso = (date: string): string => new Date(date).toISOString();

function isNamed(name: string, host: string): boolean {
  const parent = host.slice(host.indexOf('.') + 1);
  return [host, `*.${parent}`].includes(name.toLowerCase());
}

interface Ground extends ChainOrder {
  readonly chain: readonly X509Certificate[];
  readonly own: X509Certificate;
  readonly path: Path;
}

/** The certificates whose strength counts: what the server shows of its path. A root is trusted for itself. */
const links = ({ path, chain }: Ground): readonly X509Certificate[] => [...new Set([...path.links, ...chain])];

function each(certificates: readonly X509Certificate[], text: (certificate: X509Certificate) => string): string {
  return certificates.map((one) => `${titleOf(one)}: ${text(one)}`).join('; ');
}

const isRoot = (one: X509Certificate, { path }: Ground): boolean => one.fingerprint256 === path.root?.fingerprint256;

function chainChecks(ground: Ground): readonly Check[] {
  const { chain, own, path, now } = ground;
  const at = breakIn(chain);
  const [first, second] = at === null ? [] : chain.slice(at, at + 2);
  const late = path.links.slice(1).filter((one) => !isValidAt(one, now));
  const last = path.links.at(-1) ?? own;
  return [
    {
      rule: 'TLS-CHAIN-ORDER',
      ok: at === null,
      wanted: 'the server’s certificate first, then each that signed the one before',
      got:
        first && second
          ? `${titleOf(first)} is followed by ${titleOf(second)}, which did not sign it`
          : `${chain.length} in order`,
    },
    {
      rule: 'TLS-CHAIN-COMPLETE',
      ok: path.root !== null,
      wanted: 'a chain that leads to a trusted root',
      got: path.root
        ? path.links.map(titleOf).concat(titleOf(path.root)).join(', signed by ')
        : `no trusted root and no certificate in the file signed ${titleOf(last)}`,
    },
    {
      rule: 'TLS-CHAIN-VALID',
      ok: late.length === 0,
      wanted: 'every certificate between the server’s and the root is valid now',
      got: late.length === 0 ? 'valid' : each(late, ({ validFrom, validTo }) => `${iso(validFrom)} to ${iso(validTo)}`),
    },
    {
      rule: 'TLS-NOT-SELF-SIGNED',
      ok: !isSelfSigned(own),
      wanted: 'a certificate that a CA signed',
      got: isSelfSigned(own) ? 'it signed itself' : `signed by ${shown(own.issuer)}`,
    },
  ];
}

function nameChecks({ own, host }: Ground): readonly Check[] {
  const names = commonNames(own);
  const isInNames = own.checkHost(host, { subject: 'never', partialWildcards: false }) !== undefined;
  const parent = host.slice(host.indexOf('.') + 1);
  return [
    {
      rule: 'TLS-NAME-CN',
      ok: names.length > 0 && names.every((name) => isNamed(name, host)),
      wanted: `the CN is ${host} or *.${parent}`,
      got: shown(names.join(', ')) || 'no CN',
    },
    {
      rule: 'TLS-NAME-SAN',
      ok: isInNames,
      wanted: `the alternative names hold ${host}, or *.${parent}`,
      got: shown(own.subjectAltName ?? '') || 'no alternative names',
    },
  ];
}

function daysLeft({ path, now }: Ground): number {
  const first = Math.min(...path.links.map(({ validTo }) => new Date(validTo).getTime()));
  return Math.floor((first - now.getTime()) / DAY_MS);
}

function timeChecks(ground: Ground): readonly Check[] {
  const { own, now } = ground;
  const days = daysLeft(ground);
  return [
    {
      rule: 'TLS-VALID-NOW',
      ok: isValidAt(own, now),
      wanted: `valid at ${now.toISOString()}`,
      got: `${iso(own.validFrom)} to ${iso(own.validTo)}`,
    },
    { rule: 'TLS-DAYS-LEFT', ok: days >= LEAST_DAYS, wanted: `at least ${LEAST_DAYS} days left`, got: `${days} days` },
  ];
}

function strengthChecks(ground: Ground): readonly Check[] {
  const { own, publicKeySha256 } = ground;
  const counted = links(ground).filter((one) => !isRoot(one, ground));
  const usage = own.keyUsage as readonly string[] | undefined;
  const fits = publicKeyDigest(own.publicKey);
  return [
    {
      rule: 'TLS-KEY',
      ok: counted.every((one) => keyOf(one).isStrong),
      wanted: 'RSA of 2048 bits or more, or EC P-256 or P-384',
      got: each(counted, (one) => keyOf(one).text),
    },
    {
      rule: 'TLS-SIGNATURE',
      ok: counted.every((one) => isStrongSignature(signatureOf(one))),
      wanted: 'signed with SHA-256 or stronger; no SHA-1, no MD5',
      got: each(counted, signatureOf),
    },
    {
      rule: 'TLS-USAGE',
      ok: usage?.includes(SERVER_AUTH) === true && !own.ca,
      wanted: 'made for a server (serverAuth), and not for a CA',
      got: own.ca ? 'a CA' : usage?.includes(SERVER_AUTH) ? 'serverAuth' : (usage ?? []).join(', ') || 'no extended key usage',
    },
    ...(publicKeySha256 === undefined
      ? []
      : [{ rule: 'TLS-KEY-FITS', ok: fits === publicKeySha256, wanted: `public key ${publicKeySha256}`, got: fits }]),
  ];
}

function confirmations({ own, path: { root } }: Ground): readonly ToConfirm[] {
  const isPublic = root !== null && isPublicRoot(root);
  const authority: ToConfirm = {
    rule: 'TLS-AUTHORITY',
    what: 'AWS KMS trusts the CAs on its published list (TrustedCertificateAuthorities of the XKS proxy API specification), which is narrower than what this program knows. Is this one on it?',
    got:
      root === null
        ? 'no trusted root'
        : `${titleOf(root)}, SHA-256 ${hex(root.fingerprint256)}${isPublic ? '' : '; not a public CA that this program knows: AWS KMS refuses it unless its list has it'}`,
  };
  const wildcard = commonNames(own).some((name) => name.startsWith('*.'));
  if (!wildcard) return [authority];
  return [
    authority,
    {
      rule: 'TLS-WILDCARD',
      what: 'The console of AWS KMS shows no days to expiry for a CN with a wildcard: is this certificate in a calendar, and does an alarm watch it?',
      got: shown(commonNames(own).join(', ')),
    },
  ];
}

function factsOf(ground: Ground): CertificateFacts {
  const { own, path } = ground;
  return {
    commonName: shown(commonNames(own).join(', ')),
    names: shown(own.subjectAltName ?? ''),
    issuer: shown(own.issuer),
    serialNumber: own.serialNumber,
    validFrom: iso(own.validFrom),
    validTo: iso(own.validTo),
    daysLeft: daysLeft(ground),
    sha256: hex(own.fingerprint256),
    publicKeySha256: publicKeyDigest(own.publicKey),
    root: path.root === null ? '' : titleOf(path.root),
  };
}

/**
 * The certificate as AWS KMS will check it: chain, names, time, strength, purpose. Everything is looked at even where something is
 * wrong, so that a person goes to the CA once. It is no full path validation (RFC 5280, 6): name constraints, policies and
 * revocation are not looked at; `probeTls` has OpenSSL do the handshake itself.
 */
export function checkChain(order: ChainOrder): ChainReport {
  const chain = certificatesOf(order.chainPem);
  const own = chain?.[0];
  const read: Check = {
    rule: 'TLS-CHAIN-READ',
    ok: own !== undefined,
    wanted: 'one to ten certificates as PEM',
    got: own === undefined ? 'no certificate that can be read' : `${chain?.length ?? 0} read`,
  };
  if (chain === null || own === undefined) return { checks: [read], toConfirm: [], certificate: null };
  const roots = certificatesOf(order.roots.join('\n'), MOST_ROOTS) ?? [];
  const ground: Ground = { ...order, host: order.host.toLowerCase(), chain, own, path: pathOf(chain, roots, order.now) };
  return {
    checks: [read, ...chainChecks(ground), ...nameChecks(ground), ...timeChecks(ground), ...strengthChecks(ground)],
    toConfirm: confirmations(ground),
    certificate: factsOf(ground),
  };
}
