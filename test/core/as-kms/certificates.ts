import { generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import { der, derBitString, derInteger, OCTET_STRING, SEQUENCE } from '../../../core/pkcs11/der';

/** Just enough of X.509 (RFC 5280) to make certificates for tests without any tool but Node. */
const SET = 0x31;
const OID = 0x06;
const UTF8 = 0x0c;
const BOOLEAN = 0x01;
const UTC_TIME = 0x17;
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;

const oid = (hex: string): Buffer => der(OID, Buffer.from(hex, 'hex'));
const COMMON_NAME = oid('550403');
const BASIC_CONSTRAINTS = oid('551d13');
const ALTERNATIVE_NAMES = oid('551d11');
const ECDSA_SHA256 = der(SEQUENCE, oid('2a8648ce3d040302'));

interface Named {
  readonly commonName: string;
  readonly key: KeyObject;
}

export interface Issued extends Named {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface Wanted {
  readonly commonName: string;
  readonly dnsNames?: readonly string[];
  readonly isAuthority?: boolean;
  readonly days?: number;
  /** null: signed by itself */
  readonly issuer?: Named | null;
}

function name(commonName: string): Buffer {
  return der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(UTF8, Buffer.from(commonName)))));
}

function utcTime(at: number): Buffer {
  return der(UTC_TIME, Buffer.from(`${new Date(at).toISOString().slice(2, 19).replaceAll(/[-:T]/g, '')}Z`));
}

function extensions({ dnsNames = [], isAuthority = false }: Wanted): Buffer {
  const yes = der(BOOLEAN, Buffer.of(0xff));
  const constraints = der(SEQUENCE, BASIC_CONSTRAINTS, yes, der(OCTET_STRING, der(SEQUENCE, ...(isAuthority ? [yes] : []))));
  const names = [...dnsNames.map((dns) => der(DNS_NAME, Buffer.from(dns))), der(IP_ADDRESS, Buffer.of(127, 0, 0, 1))];
  const alternatives = der(SEQUENCE, ALTERNATIVE_NAMES, der(OCTET_STRING, der(SEQUENCE, ...names)));
  return der(0xa3, der(SEQUENCE, constraints, ...(dnsNames.length > 0 ? [alternatives] : [])));
}

/** @param days from now until it expires; negative: that long ago */
export function issue(wanted: Wanted): Issued {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = wanted.issuer ?? { commonName: wanted.commonName, key: privateKey };
  const now = Date.now();
  const validity = der(SEQUENCE, utcTime(now - 400 * 86_400_000), utcTime(now + (wanted.days ?? 90) * 86_400_000 + 3_600_000));
  const toSign = der(
    SEQUENCE,
    der(0xa0, derInteger(Buffer.of(2))),
    derInteger(randomBytes(12)),
    ECDSA_SHA256,
    name(issuer.commonName),
    validity,
    name(wanted.commonName),
    publicKey.export({ type: 'spki', format: 'der' }),
    extensions(wanted),
  );
  const certificate = der(SEQUENCE, toSign, ECDSA_SHA256, derBitString(sign('sha256', toSign, issuer.key)));
  const lines = certificate
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
  return {
    commonName: wanted.commonName,
    key: privateKey,
    certPem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
