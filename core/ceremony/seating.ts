import type { Participant } from './events';
import type { Script } from './script';
import { roleOf } from './variant';

/** Two seats that one person holds and that exclude each other. */
export interface SeatConflict {
  readonly name: string;
  readonly seats: string;
}

/** One person is one key and one name: neither may sit in two seats that exclude each other, nor twice in the same role. */
export function findConflict(script: Script, participants: readonly Participant[]): SeatConflict | null {
  for (const [i, one] of participants.entries()) {
    for (const other of participants.slice(i + 1)) {
      const samePerson = one.publicKey === other.publicKey || folded(one.name) === folded(other.name);
      const excluded = roleOf(one.seat) === roleOf(other.seat) || conflicts(script, one.seat, other.seat);
      if (samePerson && excluded) return { name: one.name, seats: `${one.seat} and ${other.seat}` };
    }
  }
  return null;
}

/** Names are compared as people read them: not by case, spaces or the way an accent is encoded. */
function folded(name: string): string {
  return name.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();
}

function conflicts(script: Script, a: string, b: string): boolean {
  const of = (seat: string) => script.roles[roleOf(seat)]?.conflicts ?? [];
  return of(a).includes(roleOf(b)) || of(b).includes(roleOf(a));
}
