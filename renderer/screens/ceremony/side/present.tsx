import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { SeatLine } from '../../../../core/ceremony/view-model';
import { Panel } from '../../../parts/panel';
import { text } from '../../../text/text';
import styles from './side.module.css';

export function Present({ seats }: { readonly seats: readonly SeatLine[] }): ReactElement {
  return (
    <Panel title={text.stage.present}>
      <ul className={styles.lines}>
        {seats.map((seat) => (
          <li key={seat.seat} className={styles.person}>
            <strong>{seat.seat}</strong>
            <span>{seat.name}</span>
            <StatusIndicator type={seat.state === 'signedIn' ? 'success' : 'pending'}>{text.stage.seatStates[seat.state]}</StatusIndicator>
            {seat.acting ? <span className={styles.acting}>{text.stage.reads}</span> : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
