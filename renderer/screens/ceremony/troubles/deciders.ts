import type { CeremonyView, SeatLine } from '../../../../core/ceremony/view-model';

/** The seats that can decide, with their people. */
export function deciderSeats(view: CeremonyView): readonly SeatLine[] {
  return view.seats.filter((seat) => view.deciders.includes(seat.seat));
}
