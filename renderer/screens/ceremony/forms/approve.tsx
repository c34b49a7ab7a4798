import type { ReactElement } from 'react';
import type { RunMode, StepView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { Fingerprint } from '../../../parts/fingerprint';
import { ShowBlocks } from '../../../parts/show-blocks';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import type { FormOf } from '../form-of';
import styles from './approve.module.css';
import { SeatCredential } from './seat-credential';
import { SeatStates } from './seat-states';

interface ApproveProps {
  readonly runMode: RunMode;
  readonly step: StepView;
  readonly form: FormOf<'approve'>;
}

/** What is approved stands above the credential that approves it, with the digest that will be signed. */
export function Approve({ runMode, step, form }: ApproveProps): ReactElement {
  const calls = useCalls();
  const approved = form.seats.filter((seat) => seat.approved).length;
  const seats = form.seats.map((seat) => ({
    ...seat,
    mark: seat.approved ? ('success' as const) : ('pending' as const),
    word: seat.approved ? text.beat.approved : text.beat.notYet,
  }));
  return (
    <div className={styles.approve}>
      <div className={styles.subject}>
        <ShowBlocks blocks={form.subject} />
      </div>
      <Fingerprint label={text.beat.approveDigest} rows={form.rows} />
      <p className={styles.count}>{text.beat.approveNeeded(approved, form.needed)}</p>
      <SeatStates label={text.beat.approve} seats={seats} />
      {approved >= form.needed ? null : (
        <SeatCredential
          seats={form.seats.filter((seat) => !seat.approved)}
          runMode={runMode}
          pending={calls.pending}
          label={text.beat.approveAs}
          readFirst
          onPresent={({ seat, officerId }, passphrase) =>
            void calls.sign({ type: 'approve', step: step.id, seat, officer: officerId, digest: form.digest }, passphrase)
          }
        />
      )}
      <FailureAlert failure={calls.failure} />
    </div>
  );
}
