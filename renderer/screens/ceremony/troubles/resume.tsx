import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { Instant } from '../../../parts/instant';
import { Panel } from '../../../parts/panel';
import { SeatTicks } from '../../../parts/seat-ticks';
import { TickRows } from '../../../parts/tick-rows';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import { Login } from './login';
import styles from './troubles.module.css';

const ROWS = 8;

/** Back from the break: the head is the one on paper, row by row, and everybody is there. */
export function Resume({ view }: { readonly view: CeremonyView }): ReactElement {
  const calls = useCalls();
  const words = text.trouble.resume;
  const [matched, setMatched] = useState<readonly number[]>([]);
  const [present, setPresent] = useState<readonly string[]>([]);
  const headMatches = matched.length === ROWS;
  const resume = (matches: boolean): void => void calls.submit({ type: 'resume', headMatches: matches, present: [...present] });
  return (
    <Panel title={words.title} level={3}>
      <div className={styles.panel}>
        {view.pause === null ? null : (
          <>
            <p>
              <strong>{view.pause.reason}</strong> - {words.since} <Instant iso={view.pause.since} />,{' '}
              {words.about(view.pause.minutes)}
            </p>
            <TickRows label={words.head} digest={view.pause.head} ticked={matched} onChange={setMatched} />
          </>
        )}
        <SeatTicks label={words.present} hint={words.all} seats={view.seats} ticked={present} onChange={setPresent} />
        {view.loginNeeded === null ? null : <Login needed={view.loginNeeded} />}
        <div className={styles.buttons}>
          <Button
            variant="primary"
            disabled={!headMatches || present.length === 0 || view.loginNeeded !== null}
            loading={calls.pending}
            onClick={() => resume(true)}
          >
            {words.record}
          </Button>
          <Button disabled={calls.pending || headMatches} onClick={() => resume(false)}>
            {words.differs}
          </Button>
          <span className={styles.soft}>{words.differsHint}</span>
        </div>
        <FailureAlert failure={calls.failure} />
      </div>
    </Panel>
  );
}
