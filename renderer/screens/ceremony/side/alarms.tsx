import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { Panel } from '../../../parts/panel';
import { text } from '../../../text/text';
import styles from './side.module.css';

/** What does not stop the ceremony but must not be overlooked. */
export function Alarms({ alarms }: { readonly alarms: CeremonyView['alarms'] }): ReactElement | null {
  if (alarms.length === 0) return null;
  return (
    <Panel title={text.stage.alarms}>
      <ul className={styles.lines}>
        {alarms.map((alarm) => (
          <li key={`${alarm.at} ${alarm.code}`}>
            <StatusIndicator type="warning">{alarm.text}</StatusIndicator>
            <p className={styles.soft}>{alarm.at}</p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
