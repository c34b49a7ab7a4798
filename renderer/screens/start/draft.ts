import { PRODUCTION_WORD } from '../../../core/contract/fixed-words';
import type { CeremonyChoice, OfficerSummary } from '../../../core/contract/values';
import type { RunMode } from '../../../core/ceremony/view-model';

export type SeatChoice = CeremonyChoice['seats'][number];

/** What has been filled in so far. Main judges it again when the ceremony begins; this only shows trouble early. */
export interface StartDraft {
  readonly script: string;
  readonly runMode: RunMode;
  readonly inputs: Readonly<Record<string, string>>;
  readonly seats: Readonly<Record<string, string>>;
  readonly typed: string;
}

export function draftOf(choice: CeremonyChoice): StartDraft {
  const inputs = Object.fromEntries(choice.inputs.map((input) => [input.name, input.value]));
  return { script: choice.script, runMode: 'rehearsal', inputs, seats: {}, typed: '' };
}

/** A seat that no step of the chosen variant needs may stay empty. */
export function isNeeded(seat: SeatChoice, inputs: StartDraft['inputs']): boolean {
  if (seat.neededWhen === null) return true;
  return Object.entries(seat.neededWhen).every(([name, values]) => values.includes(inputs[name] ?? ''));
}

function exclude(a: SeatChoice, b: SeatChoice): boolean {
  return (
    a.role === b.role ||
    a.conflicts.includes(b.seat) ||
    a.conflicts.includes(b.role) ||
    b.conflicts.includes(a.seat) ||
    b.conflicts.includes(a.role)
  );
}

/** The seat that the same officer holds already and that must be another person's. */
export function conflictOf(seat: SeatChoice, all: readonly SeatChoice[], chosen: StartDraft['seats']): SeatChoice | null {
  const officer = chosen[seat.seat];
  if (officer === undefined) return null;
  return all.find((other) => other.seat !== seat.seat && chosen[other.seat] === officer && exclude(seat, other)) ?? null;
}

/** Gives every needed seat a practice officer, none to two seats. They were made one for each seat, in the order of the seats. */
export function seatPractice(
  choice: CeremonyChoice,
  inputs: StartDraft['inputs'],
  officers: readonly OfficerSummary[],
): Record<string, string> {
  const practice = officers.filter((officer) => officer.rehearsal).toSorted((a, b) => a.enrolledAt.localeCompare(b.enrolledAt));
  const isOwn = (seat: SeatChoice): boolean => choice.seats.indexOf(seat) < practice.length;
  const needed = choice.seats.filter((seat) => isNeeded(seat, inputs));
  const own = needed.filter(isOwn).map((seat) => [seat.seat, practice[choice.seats.indexOf(seat)]?.id ?? ''] as const);
  const spare = practice.filter(({ id }) => own.every(([, taken]) => taken !== id));
  const rest = needed.filter((seat) => !isOwn(seat)).slice(0, spare.length);
  return Object.fromEntries([...own, ...rest.map((seat, i) => [seat.seat, spare[i]?.id ?? ''] as const)]);
}

export function inputFits(input: CeremonyChoice['inputs'][number], value: string): boolean {
  if (input.options !== null) return input.options.some((option) => option.value === value);
  return value !== '' && new RegExp(input.pattern, 'u').test(value);
}

/** Why the chosen inputs are not offered together, or null. */
export function forbidden(choice: CeremonyChoice, { inputs, runMode }: Pick<StartDraft, 'inputs' | 'runMode'>): string | null {
  const rule = choice.never.find(
    (each) =>
      (each.runMode === null || each.runMode === runMode) &&
      Object.entries(each.inputs).every(([name, values]) => values.includes(inputs[name] ?? '')),
  );
  return rule?.because ?? null;
}

/** Titles of the inputs that are empty or do not have the asked form, in the order of the form. */
export function unfilled(choice: CeremonyChoice, inputs: StartDraft['inputs']): readonly string[] {
  return choice.inputs.filter((input) => !inputFits(input, inputs[input.name] ?? '')).map(({ title }) => title);
}

export type Missing = 'inputs' | 'combination' | 'seats' | 'conflicts' | 'practice' | 'word';

/** The first thing that still stands in the way, or null. */
export function missingIn(choice: CeremonyChoice, draft: StartDraft, officers: readonly OfficerSummary[]): Missing | null {
  if (unfilled(choice, draft.inputs).length > 0) return 'inputs';
  if (forbidden(choice, draft) !== null) return 'combination';
  if (choice.seats.some((seat) => isNeeded(seat, draft.inputs) && draft.seats[seat.seat] === undefined)) return 'seats';
  if (choice.seats.some((seat) => conflictOf(seat, choice.seats, draft.seats) !== null)) return 'conflicts';
  if (draft.runMode === 'rehearsal') return null;
  const held = new Set(Object.values(draft.seats));
  if (officers.some((officer) => officer.rehearsal && held.has(officer.id))) return 'practice';
  return draft.typed === PRODUCTION_WORD ? null : 'word';
}
