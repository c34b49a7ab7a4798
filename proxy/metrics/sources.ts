import type { HealthAnswer } from '../../core/xks/wire';
import type { AuditState } from '../audit/audit';
import type { HsmState } from '../hsm/port';

/** Where numbers come from that are asked for when somebody reads the metrics. All cheap and synchronous. */
export interface MetricsSources {
  readonly hsm: () => HsmState;
  readonly audit: () => Pick<AuditState, 'isWritable' | 'written' | 'failed'>;
  readonly latch: () => { readonly killed: boolean; readonly blocked: readonly string[] };
  readonly health: () => HealthAnswer;
  /** requests that are being worked on */
  readonly inFlight: () => number;
  /** key stores and key labels of the settings: the only ones that become label values */
  readonly configured: () => { readonly stores: ReadonlySet<string>; readonly keys: ReadonlySet<string> };
  /** end of the server certificate, ISO 8601 UTC; null: plain HTTP */
  readonly certificateNotAfter: () => string | null;
  /** `since` in ISO 8601 UTC; null: not known */
  readonly credentials: () => readonly { readonly store: string; readonly accessKeyId: string; readonly since: string | null }[];
  /** milliseconds since 1970 */
  readonly now: () => number;
}
