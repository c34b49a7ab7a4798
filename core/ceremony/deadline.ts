import { lastSafeStart } from '../keys/import-set';
import type { CeremonyState } from './state';
import type { PlannedStep } from './variant';
import type { CeremonyView } from './view-model';

type Deadline = NonNullable<CeremonyView['deadline']>;

/** Acts that use a set, and what is still due while one of them is the next. */
const DUE: Readonly<Record<string, Deadline['due']>> = {
  'token.wrap': 'wrap',
  'aws.import': 'import',
  'aws.importReplicas': 'import',
};

/** Counts from when the set was fetched or taken in until it was used. */
export function deadlineOf(state: CeremonyState, plan: readonly PlannedStep[]): CeremonyView['deadline'] {
  const until = state.values['set.validTo'] ?? '';
  if (until === '' || state.outcome !== null) return null;
  return { until, lastSafe: lastSafeStart(until), due: dueOf(plan, state.stepIndex) };
}

function verbOf({ step }: PlannedStep): string {
  return step.do.action === 'act' ? step.do.verb : '';
}

/** What the set is needed for next. Where another station wraps, it has wrapped when the BACK bundle is in. */
function dueOf(plan: readonly PlannedStep[], stepIndex: number): Deadline['due'] {
  const wrapsHere = plan.some((each) => verbOf(each) === 'token.wrap');
  const table: typeof DUE = wrapsHere ? DUE : { ...DUE, 'bundle.readBack': 'wrap' };
  const next = plan.slice(stepIndex).find((each) => table[verbOf(each)] !== undefined);
  return next === undefined ? 'import' : (table[verbOf(next)] ?? 'import');
}
