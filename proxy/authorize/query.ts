import type { XksApi } from '../../core/xks/uri';

/** What secondary authorization is asked. Strings as KMS sent them, '' = absent. */
export interface AuthorizationQuery {
  /** key store by its name in the settings */
  readonly store: string;
  readonly keyId: string;
  readonly kmsKeyArn: string;
  /** awsPrincipalArn */
  readonly caller: string;
  readonly kmsOperation: string;
  readonly api: XksApi;
  /** kmsViaService */
  readonly via: string;
  readonly vpc: string;
  readonly vpce: string;
}

/** One text per query, for a cache. JSON, so that no text inside a field can pretend to be the border between two. */
export function queryKey({ store, keyId, kmsKeyArn, caller, kmsOperation, api, via, vpc, vpce }: AuthorizationQuery): string {
  return JSON.stringify([store, keyId, kmsKeyArn, caller, kmsOperation, api, via, vpc, vpce]);
}
