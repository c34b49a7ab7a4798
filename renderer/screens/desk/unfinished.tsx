import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { Desk, PackSummary } from '../../../core/contract/values';
import { Instant } from '../../parts/instant';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './desk.module.css';

interface UnfinishedProps {
  readonly running: Desk['running'];
  readonly packs: readonly PackSummary[];
  readonly pending: boolean;
  readonly onResume: (ceremonyId: string) => void;
}

/** What is on the stage, and what was left and can be continued. */
export function Unfinished({ running, packs, pending, onResume }: UnfinishedProps): ReactElement | null {
  return (
    <>
      {running === null ? null : (
        <Panel title={text.desk.running}>
          <div className={styles.item}>
            <div>
              <StatusIndicator type="in-progress">
                {running.title} {text.desk.stepAt(running.step)}
              </StatusIndicator>
            </div>
            <Button variant="primary" onClick={() => go('ceremony')}>
              {text.desk.toStage}
            </Button>
          </div>
        </Panel>
      )}
      {packs.length === 0 ? null : (
        <Panel title={text.desk.unfinished}>
          <p className={styles.where}>{text.desk.unfinishedHint}</p>
          <ul className={styles.list}>
            {packs.map((pack) => (
              <li key={pack.ceremonyId} className={styles.item}>
                <div>
                  <StatusIndicator type="pending">{pack.title}</StatusIndicator>
                  <p className={styles.where}>
                    <span className="mono">{pack.ceremonyId}</span> - <Instant iso={pack.openedAt} />
                  </p>
                </div>
                <Button loading={pending} onClick={() => onResume(pack.ceremonyId)}>
                  {text.desk.resume}
                </Button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
