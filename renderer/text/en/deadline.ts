import type { CeremonyView } from '../../../core/ceremony/view-model';
import type { Urgency } from '../../parts/deadline-state';

type Due = NonNullable<CeremonyView['deadline']>['due'];

const states: Readonly<Record<Urgency, string>> = {
  open: 'In time.',
  near: 'NEAR.',
  tooLate: 'TOO LATE to begin wrapping.',
  late: 'LAST MINUTES.',
  over: 'OVER.',
};

type Said = (left: string) => string;

const tooLate: Said = () => 'Stop here and fetch a new set: the way back and the import need the hours that are left.';
const late: Said = (left) => `KMS takes the import for ${left} more; nothing may go wrong any more.`;
const over: Said = () => 'KMS refuses this wrapping key and token. Fetch a new set.';

const next: Readonly<Record<Due, Readonly<Record<Urgency, Said>>>> = {
  wrap: {
    open: (left) => `Wrapping may begin for another ${left}.`,
    near: (left) => `Wrapping may begin for only ${left} more.`,
    tooLate,
    late,
    over,
  },
  import: {
    open: (left) => `The import may begin for another ${left}.`,
    near: (left) => `The import may begin for only ${left} more.`,
    tooLate,
    late,
    over,
  },
};

/** The set of wrapping key and import token, which KMS takes for 24 hours. */
export const deadlineText = {
  title: 'Time left of the wrapping key and import token',
  states,
  next,
  ends: 'The set ends',
  ended: 'The set ended',
  in: (left: string) => `in ${left}`,
};
