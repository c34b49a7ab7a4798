import type { RunMode } from '../ceremony/view-model';
import type { Failure, Result } from './result';

/** As DescribeKey tells them. */
export type KmsKeyState =
  | 'Creating'
  | 'Enabled'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingImport'
  | 'PendingReplicaDeletion'
  | 'Unavailable'
  | 'Updating';

/** AWS KMS allows so many on-demand rotations of one key, ever (AWS KMS quotas). */
export const ROTATIONS_ALLOWED = 25;

/** Where keys can be looked for. */
export interface KmsPlaces {
  /** where a rehearsal looks: the embedded KMS, or AWS */
  readonly rehearsal: { readonly embedded: boolean; readonly regions: readonly string[] };
  readonly production: { readonly regions: readonly string[] };
  /** the Region of the settings */
  readonly region: string;
}

/** As ListKeyRotations tells them of one material. */
export type KmsMaterialState = 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';

export interface KmsMaterial {
  readonly materialId: string;
  readonly description: string;
  readonly state: KmsMaterialState;
  readonly importState: 'IMPORTED' | 'PENDING_IMPORT' | null;
  /** ISO 8601 UTC; null: it does not expire, or KMS does not say */
  readonly expiresAt: string | null;
  readonly rotatedAt: string | null;
}

/** What the lint says of a key's own policy. */
export interface KeyPolicyVerdict {
  readonly errors: number;
  readonly warnings: number;
  readonly findings: readonly PolicyFinding[];
}

export interface PolicyFinding {
  readonly rule: string;
  readonly severity: 'error' | 'warning';
  readonly where: string;
  readonly line: number;
  readonly column: number;
  readonly says: string;
  readonly why: string;
  readonly remedy: string;
}

/** One KMS key with everything an officer looks for. Times are ISO 8601 UTC. */
export interface KmsKeyReport {
  readonly keyId: string;
  readonly arn: string;
  readonly aliases: readonly string[];
  readonly description: string;
  readonly state: KmsKeyState;
  readonly spec: string;
  readonly usage: string;
  readonly origin: string;
  readonly createdAt: string | null;
  readonly deletionAt: string | null;
  readonly multiRegion: {
    readonly role: 'primary' | 'replica';
    readonly primaryArn: string;
    readonly replicaArns: readonly string[];
  } | null;
  /** the earliest of all imported materials; null: nothing expires */
  readonly expiresAt: string | null;
  /** null: KMS tells materials of symmetric keys with imported material only */
  readonly materials: Result<readonly KmsMaterial[]> | null;
  /** on-demand rotations, of the 25 a key may have; null where a key has none */
  readonly rotations: { readonly done: number; readonly left: number } | null;
  /** null: a key that AWS manages */
  readonly policy: Result<KeyPolicyVerdict> | null;
  /** the ceremony that made it, by its tag; '' : none is named, or tags may not be read */
  readonly ceremony: string;
  /** the HSM key its one material came from, by this station's record of that ceremony; null: nothing here says so */
  readonly hsmKey: { readonly label: string; readonly ckaId: string } | null;
}

/** A key that could not be looked at: what is known of it, and why. */
export interface UnreadKey {
  readonly keyId: string;
  readonly arn: string;
  readonly aliases: readonly string[];
  readonly failure: Failure;
}

/** Some keys of an account and Region, by the page. */
export interface KmsKeysPage {
  readonly runMode: RunMode;
  readonly account: string;
  readonly callerArn: string;
  readonly region: string;
  /** a rehearsal KMS answered */
  readonly rehearsal: boolean;
  readonly keys: readonly KmsKeyReport[];
  readonly unread: readonly UnreadKey[];
  /** keys of this account and Region in all */
  readonly total: number;
  /** where the next page begins; null: this was the last */
  readonly next: number | null;
}
