import Checkbox from '@cloudscape-design/components/checkbox';
import FormField from '@cloudscape-design/components/form-field';
import type { ReactElement } from 'react';
import type { SeatLine } from '../../core/ceremony/view-model';
import styles from './seat-ticks.module.css';

interface SeatTicksProps {
  readonly label: string;
  readonly hint: string;
  readonly seats: readonly Pick<SeatLine, 'seat' | 'name'>[];
  readonly ticked: readonly string[];
  readonly onChange: (ticked: readonly string[]) => void;
}

/** Ticks seats: who decides, who is back. */
export function SeatTicks({ label, hint, seats, ticked, onChange }: SeatTicksProps): ReactElement {
  const toggle = (seat: string, on: boolean): void => onChange(on ? [...ticked, seat] : ticked.filter((other) => other !== seat));
  return (
    <FormField label={label} description={hint} stretch>
      <div className={styles.seats} role="group" aria-label={label}>
        {seats.map(({ seat, name }) => (
          <Checkbox key={seat} checked={ticked.includes(seat)} onChange={({ detail }) => toggle(seat, detail.checked)}>
            {seat} - {name}
          </Checkbox>
        ))}
      </div>
    </FormField>
  );
}
