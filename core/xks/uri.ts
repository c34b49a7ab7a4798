/** The four calls of the specification. */
export const XKS_APIS = ['GetKeyMetadata', 'Encrypt', 'Decrypt', 'GetHealthStatus'] as const;

export type XksApi = (typeof XKS_APIS)[number];

/** What every XksProxyUriPath ends with. */
export const XKS_BASE = '/kms/xks/v1';

/** XksKeyId: 1 to 128 of these characters, so it never needs percent-encoding in a path. */
const KEY_ID = /^[A-Za-z0-9._-]{1,128}$/;

/** XksProxyUriPath is 10 to 128 characters of a-z A-Z 0-9 / - _ , hence at most 117 before the base. */
const PREFIX = /^(?:\/[A-Za-z0-9_-]+)+$/;
const LONGEST_PREFIX = 117;

export const KEY_STORE_CALLS = { metadata: 'GetKeyMetadata', encrypt: 'Encrypt', decrypt: 'Decrypt' } as const;

export function isKeyId(text: string): boolean {
  return KEY_ID.test(text);
}

/** '' or `/a/b`: what stands before `/kms/xks/v1`. */
export function isPrefix(text: string): boolean {
  return text === '' || (text.length <= LONGEST_PREFIX && PREFIX.test(text));
}

/** The path of a call, from the host on. `keyId` is not used for GetHealthStatus. */
export function pathOf(prefix: string, api: XksApi, keyId: string): string {
  const base = prefix + XKS_BASE;
  if (api === 'GetHealthStatus') return `${base}/health`;
  const verb = { GetKeyMetadata: 'metadata', Encrypt: 'encrypt', Decrypt: 'decrypt' }[api];
  return `${base}/keys/${keyId}/${verb}`;
}
