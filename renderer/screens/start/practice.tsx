import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { PRACTICE_PASSPHRASE } from '../../../core/contract/fixed-words';
import type { OfficerSummary } from '../../../core/contract/values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { receive } from '../../snapshots';
import { text } from '../../text/text';
import styles from './start.module.css';

interface PracticeProps {
  readonly officers: readonly OfficerSummary[];
  readonly onSeat: (officers: readonly OfficerSummary[]) => void;
}

/** One click to a room full of people: practice officers enrolled and seated. */
export function Practice({ officers, onSeat }: PracticeProps): ReactElement {
  const ask = useAsk();
  const enrolled = officers.some((officer) => officer.rehearsal);
  const enrol = async (): Promise<void> => {
    const answer = await ask.run(() => bridge.officers.enrolRehearsal());
    if (answer === null) return;
    const others = officers.filter((officer) => answer.value.every((fresh) => fresh.id !== officer.id));
    receive('officers.changed', [...others, ...answer.value]);
    onSeat(answer.value);
  };
  return (
    <>
      <div className={styles.practice}>
        <Button loading={ask.pending} onClick={() => (enrolled ? onSeat(officers) : void enrol())}>
          {enrolled ? text.start.seatThem : text.start.practice}
        </Button>
        <span>{text.start.practiceHint(PRACTICE_PASSPHRASE)}</span>
      </div>
      <FailureAlert failure={ask.failure} />
    </>
  );
}
