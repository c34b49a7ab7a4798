import type { ReactElement } from 'react';
import type { RunMode } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import type { FormOf } from '../form-of';
import styles from './form.module.css';
import { SeatCredential } from './seat-credential';
import { SeatStates } from './seat-states';

/** Everybody signs in with a key of their own. */
export function Attendance({ runMode, form }: { readonly runMode: RunMode; readonly form: FormOf<'attendance'> }): ReactElement {
  const calls = useCalls();
  const seats = form.seats.map(({ seat, name, state }) => ({
    seat,
    name,
    mark: state === 'signedIn' ? ('success' as const) : ('pending' as const),
    word: text.stage.seatStates[state],
  }));
  return (
    <>
      <p className={styles.hint}>{text.beat.attendance}</p>
      <SeatStates label={text.stage.present} seats={seats} />
      <SeatCredential
        seats={form.seats.filter((seat) => seat.state === 'expected')}
        runMode={runMode}
        pending={calls.pending}
        label={text.beat.signInAs}
        onPresent={({ seat, officerId }, passphrase) => void calls.sign({ type: 'signIn', seat, officer: officerId }, passphrase)}
      />
      <FailureAlert failure={calls.failure} />
    </>
  );
}
