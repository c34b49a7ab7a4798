import { currentStep } from './current-step';
import type { Script } from './script';
import type { CeremonyState } from './state';
import { allSeats, seatsInStep } from './variant';
import type { SeatLine } from './view-model';

/** Who sits where, who has signed in, and whose turn it is. */
export function seatLines(script: Script, state: CeremonyState): SeatLine[] {
  const step = currentStep(script, state);
  const acting = step && state.phase === 'running' ? seatsInStep(step) : [];
  return allSeats(script)
    .filter(({ seat }) => state.participants.some((one) => one.seat === seat))
    .map(({ seat, role }) => {
      const person = state.participants.find((one) => one.seat === seat);
      return {
        seat,
        role,
        roleTitle: script.roles[role]?.title ?? role,
        officerId: person?.officer ?? '',
        name: person?.name ?? '',
        state: state.signedIn.includes(seat) ? 'signedIn' : 'expected',
        acting: acting.includes(seat),
      };
    });
}
