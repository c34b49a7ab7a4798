import type { ReactElement } from 'react';
import type { CeremonyChoice, OfficerSummary } from '../../../core/contract/values';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { conflictOf, isNeeded, seatPractice, type StartDraft } from './draft';
import { Practice } from './practice';
import { SeatField } from './seat-field';
import styles from './start.module.css';

interface SeatsProps {
  readonly choice: CeremonyChoice;
  readonly draft: StartDraft;
  readonly officers: readonly OfficerSummary[];
  readonly onChange: (draft: StartDraft) => void;
}

function withSeat(seats: StartDraft['seats'], seat: string, officer: string | null): StartDraft['seats'] {
  const others = Object.entries(seats).filter(([name]) => name !== seat);
  return Object.fromEntries(officer === null ? others : [...others, [seat, officer]]);
}

/** Who takes which seat; a conflict shows the moment it is made. */
export function Seats({ choice, draft, officers, onChange }: SeatsProps): ReactElement {
  const seatPracticeOfficers = (all: readonly OfficerSummary[]): void =>
    onChange({ ...draft, seats: seatPractice(choice, draft.inputs, all) });
  return (
    <Panel title={text.start.seats}>
      <p className={styles.hint}>{officers.length === 0 ? text.start.noOfficers : text.start.seatsHint}</p>
      {draft.runMode === 'rehearsal' ? <Practice officers={officers} onSeat={seatPracticeOfficers} /> : null}
      <div className={styles.fields}>
        {choice.seats.map((seat) => (
          <SeatField
            key={seat.seat}
            seat={seat}
            needed={isNeeded(seat, draft.inputs)}
            conflict={conflictOf(seat, choice.seats, draft.seats)}
            officers={officers}
            chosen={draft.seats[seat.seat] ?? null}
            onChange={(officer) => onChange({ ...draft, seats: withSeat(draft.seats, seat.seat, officer) })}
          />
        ))}
      </div>
    </Panel>
  );
}
