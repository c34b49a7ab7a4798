import type { ReactElement } from 'react';
import type { KmsKeyReport, KmsKeyState } from '../../../core/contract/kms-values';
import { useClock } from '../../clock';
import { Instant } from '../../parts/instant';
import { Mark, type MarkKind } from '../../parts/mark';
import { text } from '../../text/text';
import styles from './keys.module.css';

const STATES: Readonly<Record<KmsKeyState, MarkKind>> = {
  Creating: 'now',
  Enabled: 'good',
  Disabled: 'stopped',
  PendingDeletion: 'bad',
  PendingImport: 'waiting',
  PendingReplicaDeletion: 'warning',
  Unavailable: 'bad',
  Updating: 'now',
};

const DAY_MS = 86_400_000;
/** A re-import is begun a month before the end, as the calendar has it. */
const NEAR_DAYS = 30;

export function KeyStateMark({ entry }: { readonly entry: KmsKeyReport }): ReactElement {
  return (
    <div className={styles.state}>
      <Mark kind={STATES[entry.state]}>{text.kms.states[entry.state]}</Mark>
      {entry.deletionAt === null ? null : (
        <div className={styles.whole}>
          <Instant iso={entry.deletionAt} />
        </div>
      )}
    </div>
  );
}

/** Days left in words, with the moment itself. */
export function ExpiryMark({ iso }: { readonly iso: string }): ReactElement {
  const days = Math.floor((Date.parse(iso) - useClock().getTime()) / DAY_MS);
  const kind = days < 0 ? 'bad' : days < NEAR_DAYS ? 'warning' : 'info';
  return (
    <div className={styles.whole}>
      <Mark kind={kind}>{days < 0 ? text.kms.expired : text.kms.expiresIn(days)}</Mark>
      <div>
        <Instant iso={iso} />
      </div>
    </div>
  );
}

/** Only imported material can expire, and a key without any has none that could. */
export function KeyExpiry({ entry }: { readonly entry: KmsKeyReport }): ReactElement {
  if (entry.expiresAt !== null) return <ExpiryMark iso={entry.expiresAt} />;
  return <span>{entry.state === 'PendingImport' ? text.kms.noMaterial : text.kms.never}</span>;
}

export function PolicyMark({ policy }: Pick<KmsKeyReport, 'policy'>): ReactElement {
  const words = text.kms;
  if (policy === null) return <span>{words.policyOfAws}</span>;
  if (!policy.ok) return <Mark kind="stopped">{words.policyUnread}</Mark>;
  const { errors, warnings } = policy.value;
  if (errors > 0) return <Mark kind="bad">{words.policyErrors(errors)}</Mark>;
  if (warnings > 0) return <Mark kind="warning">{words.policyWarnings(warnings)}</Mark>;
  return <Mark kind="good">{words.policyGood}</Mark>;
}
