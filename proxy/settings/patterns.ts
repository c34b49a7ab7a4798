import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { isKeyId, isPrefix, XKS_BASE } from '../../core/xks/uri';
import { text } from './leaf';

const shown = (value: string): string => `is ${JSON.stringify(value)}`;

/** The rule of AWS (specification, 1.2): 20 to 30 characters, A to Z and 2 to 7. */
const ACCESS_KEY_ID = /^[A-Z2-7]{20,30}$/;
const SECRET_ACCESS_KEY = /^[A-Za-z0-9/+=]{43,64}$/;

export const SECRET_RULE =
  'A secret access key has 43 to 64 characters of A-Z, a-z, 0-9, "/", "+" and "=" (AWS KMS refuses others).';

export function isSecretAccessKey(value: string): boolean {
  return SECRET_ACCESS_KEY.test(value);
}

export const address = text((value) => isIP(value) !== 0, {
  problem: shown,
  remedy: 'Write an IP address, such as "127.0.0.1" or "0.0.0.0"; names are not looked up.',
});

export const absolutePath = text((value) => isAbsolute(value) && !value.includes('\0'), {
  problem: shown,
  remedy: 'Write the whole path, from the root on: what a relative path means depends on where the proxy is started.',
});

export const region = text((value) => /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/.test(value), {
  problem: shown,
  remedy: 'Write the Region that AWS KMS calls from, such as "eu-central-1".',
});

/** With the base at its end it is XksProxyUriPath, copied whole. */
export const prefix = text((value) => isPrefix(value) && !value.endsWith(XKS_BASE), {
  problem: (value) => (value.endsWith(XKS_BASE) ? `${shown(value)}, with the part that every path ends with` : shown(value)),
  remedy:
    'Write what stands before /kms/xks/v1 in XksProxyUriPath: nothing, or a slash and letters, digits, "-", "_" (more parts with more slashes), no slash at the end, 117 characters at most.',
});

export const keyId = text((value) => isKeyId(value), {
  problem: shown,
  remedy: 'Write the label (CKA_LABEL) of a key: 1 to 128 characters of A-Z, a-z, 0-9, "-", ".", "_", as XksKeyId allows.',
});

const ACCESS_KEY_ID_REMEDY = 'An access key id has 20 to 30 characters, A to Z and 2 to 7 (AWS KMS refuses others).';

export const accessKeyId = text((value) => ACCESS_KEY_ID.test(value), { problem: shown, remedy: ACCESS_KEY_ID_REMEDY });

/** The sample's settings come with places left empty. */
export const accessKeyIdOrEmpty = text((value) => value === '' || ACCESS_KEY_ID.test(value), {
  problem: shown,
  remedy: ACCESS_KEY_ID_REMEDY,
});

export const inlineSecret = text((value) => value === '' || isSecretAccessKey(value), {
  problem: (value) => `has ${value.length} characters, or one that is not allowed`,
  remedy: `${SECRET_RULE} Better, keep it in a file of its own: [[external_key_stores.credentials]] secret_file.`,
});

export const name = text((value) => /^[A-Za-z0-9._-]{1,64}$/.test(value), {
  problem: shown,
  remedy: 'Write 1 to 64 characters of A-Z, a-z, 0-9, ".", "_", "-".',
});

export const credentialName = text((value) => /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/.test(value), {
  problem: shown,
  remedy:
    'Write the name of a file below $CREDENTIALS_DIRECTORY, as LoadCredential= of the systemd unit gives it, without a path.',
});

export const ckaId = text((value) => /^(?:[0-9a-f]{2}){1,128}$/i.test(value), {
  problem: shown,
  remedy: 'Write the CKA_ID of one generation in hex, two digits per byte, without "0x" and colons.',
});

/** CKA token label: 32 bytes, serial number: 16 (PKCS#11 2.40, CK_TOKEN_INFO). */
export function tokenText(bytes: number) {
  return text((value) => value !== '' && Buffer.byteLength(value) <= bytes, {
    problem: shown,
    remedy: `Write 1 to ${bytes} bytes, as the token tells it, or leave the key out.`,
  });
}

/** An address of this machine that nobody else can reach. */
export function isLoopback(ip: string): boolean {
  return ip.startsWith('127.') || ip === '::1' || ip.toLowerCase().startsWith('::ffff:127.');
}
