import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import styles from './seat-states.module.css';

interface SeatStatesProps {
  readonly label: string;
  readonly seats: readonly {
    readonly seat: string;
    readonly name: string;
    readonly mark: StatusIndicatorProps.Type;
    readonly word: string;
  }[];
}

/** Seats and how far each of them is. */
export function SeatStates({ label, seats }: SeatStatesProps): ReactElement {
  return (
    <ul className={styles.seats} aria-label={label}>
      {seats.map(({ seat, name, mark, word }) => (
        <li key={seat} className={styles.seat}>
          <strong>{seat}</strong> <span>{name}</span>
          <StatusIndicator type={mark}>{word}</StatusIndicator>
        </li>
      ))}
    </ul>
  );
}
