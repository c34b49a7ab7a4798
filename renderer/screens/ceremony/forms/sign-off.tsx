import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { Fingerprint } from '../../../parts/fingerprint';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import styles from './approve.module.css';
import { Dissent } from './dissent';
import { SeatCredential } from './seat-credential';
import { SeatStates } from './seat-states';

const MARKS = { waiting: 'pending', signed: 'success', dissented: 'warning' } as const;

interface SignOffProps {
  readonly view: CeremonyView;
  readonly signOff: NonNullable<CeremonyView['signOff']>;
}

/** Every seat signs the head, or says why not. */
export function SignOff({ view, signOff }: SignOffProps): ReactElement {
  const calls = useCalls();
  const [dissenter, setDissenter] = useState<string | null>(null);
  const seats = signOff.seats.map((seat) => ({ ...seat, mark: MARKS[seat.state], word: text.beat.signStates[seat.state] }));
  return (
    <>
      <div className={styles.approve}>
        <p>{text.beat.signOffHint}</p>
        <Fingerprint label={text.beat.headTitle} rows={signOff.rows} />
        <SeatStates label={text.beat.sign} seats={seats} />
        <SeatCredential
          seats={signOff.seats.filter((seat) => seat.state === 'waiting')}
          runMode={view.runMode}
          pending={calls.pending}
          label={text.beat.signAs}
          onPresent={({ seat, officerId }, passphrase) =>
            void calls.sign({ type: 'sign', seat, officer: officerId, head: signOff.head }, passphrase)
          }
          other={({ seat }) => <Button onClick={() => setDissenter(seat)}>{text.beat.dissent}</Button>}
        />
        <FailureAlert failure={calls.failure} />
      </div>
      {dissenter === null ? null : <Dissent seat={dissenter} onClose={() => setDissenter(null)} />}
    </>
  );
}
