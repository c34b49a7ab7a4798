import type { XksApi } from '../core/xks/uri';
import type { XksErrorName } from '../core/xks/errors';

/** One answered request, as audit, metrics and logs see it. Holds no plaintext, ciphertext, signature or secret. */
export interface RequestRecord {
  /** key store by its name in the settings; '' when no prefix matched */
  readonly store: string;
  /** null: the path led to none */
  readonly api: XksApi | null;
  readonly keyId: string;
  readonly kmsRequestId: string;
  readonly kmsOperation: string;
  /** awsPrincipalArn */
  readonly caller: string;
  /** kmsViaService */
  readonly via: string;
  readonly kmsKeyArn: string;
  readonly vpc: string;
  readonly vpce: string;
  /** '' before it was read */
  readonly accessKeyId: string;
  readonly status: number;
  readonly outcome: 'ok' | XksErrorName;
  /** `XksFailure.reason`, '' when ok */
  readonly reason: string;
  /** ids of the policies that decided, '' where none was asked */
  readonly policy: string;
  /** generation of the key, '' where none was used */
  readonly generation: string;
  /** milliseconds, three decimals at most */
  readonly queueMs: number;
  readonly hsmMs: number;
  readonly totalMs: number;
}
