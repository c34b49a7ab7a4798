import type { ReactElement } from 'react';
import type { SeatLine } from '../../../../core/ceremony/view-model';
import { Mark } from '../../../parts/mark';
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
            <span className={styles.states}>
              <Mark kind={seat.state === 'signedIn' ? 'good' : 'waiting'}>{text.stage.seatStates[seat.state]}</Mark>
              {seat.acting ? <span className={styles.acting}>{text.stage.reads}</span> : null}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
