import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { Desk } from '../../../core/contract/values';
import { Instant } from '../../parts/instant';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './desk.module.css';

interface UnfinishedProps {
  readonly running: Desk['running'];
  readonly packs: Desk['unfinished'];
  readonly leftBehind: Desk['leftBehind'];
  readonly pending: boolean;
  readonly onResume: (ceremonyId: string) => void;
}

/** What is on the stage, and what was left and can be continued. */
export function Unfinished({ running, packs, leftBehind, pending, onResume }: UnfinishedProps): ReactElement | null {
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
                  {pack.privateFiles === 0 ? null : (
                    <p>
                      <Mark kind="warning">{text.desk.keeps(pack.privateFiles)}</Mark>
                    </p>
                  )}
                </div>
                <Button loading={pending} onClick={() => onResume(pack.ceremonyId)}>
                  {text.desk.resume}
                </Button>
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {leftBehind.length === 0 ? null : (
        <Panel title={text.desk.leftBehind}>
          <p className={styles.where}>{text.desk.leftBehindHint}</p>
          <ul className={styles.list}>
            {leftBehind.map(({ ceremonyId, privateFiles }) => (
              <li key={ceremonyId} className={styles.item}>
                <Mark kind="warning">
                  <span className="mono">{ceremonyId}</span> - {text.desk.files(privateFiles)}
                </Mark>
              </li>
            ))}
          </ul>
        </Panel>
      )}
    </>
  );
}
