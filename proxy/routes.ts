import { KEY_STORE_CALLS, XKS_BASE, type XksApi } from '../core/xks/uri';

/** KMS lets a whole URI have 256 characters, host included, so no path of a real call is longer. */
const PATH_LIMIT = 256;

/** For load balancers; not part of the specification, hence outside every prefix. */
export const PING_PATH = '/ping';

/** prefix, key id and verb; nothing is decoded, so a percent sign, a query or a second slash matches nothing */
const CALL = new RegExp(`^(.*)${XKS_BASE}/(?:health|keys/([A-Za-z0-9._-]{1,128})/(metadata|encrypt|decrypt))$`);

export interface CallRoute {
  readonly prefix: string;
  readonly api: XksApi;
  /** '' for GetHealthStatus */
  readonly keyId: string;
}

export type Route =
  | ({ readonly leads: 'call' } & CallRoute)
  | { readonly leads: 'ping' }
  /** the path is right, the method is not; `call` is null for /ping */
  | { readonly leads: 'otherMethod'; readonly allow: string; readonly call: CallRoute | null }
  | { readonly leads: 'nowhere' };

/**
 * Where a request leads: the method and the request target as sent, against the prefixes of the key stores. A wrong method on a
 * right path is told apart from an unknown path, as the specification wants (405 and 404).
 */
export function routeOf(method: string, target: string, prefixes: { has(prefix: string): boolean }): Route {
  if (target === PING_PATH)
    return method === 'GET' || method === 'HEAD' ? { leads: 'ping' } : { leads: 'otherMethod', allow: 'GET, HEAD', call: null };
  const call = callOf(target, prefixes);
  if (call === null) return { leads: 'nowhere' };
  return method === 'POST' ? { leads: 'call', ...call } : { leads: 'otherMethod', allow: 'POST', call };
}

function callOf(target: string, prefixes: { has(prefix: string): boolean }): CallRoute | null {
  if (target.length > PATH_LIMIT) return null;
  const [matched, prefix = '', keyId = '', verb] = CALL.exec(target) ?? [];
  if (matched === undefined || !prefixes.has(prefix)) return null;
  return { prefix, api: isVerb(verb) ? KEY_STORE_CALLS[verb] : 'GetHealthStatus', keyId };
}

function isVerb(verb: string | undefined): verb is keyof typeof KEY_STORE_CALLS {
  return verb !== undefined && Object.hasOwn(KEY_STORE_CALLS, verb);
}
