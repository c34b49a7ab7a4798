import type { StepLine } from '../../../../core/ceremony/view-model';

/** Planned minutes of the steps that are sealed, and of all. */
export function plannedMinutes(steps: readonly StepLine[]): { readonly done: number; readonly all: number } {
  const sum = (some: readonly StepLine[]): number => some.reduce((total, step) => total + step.minutes, 0);
  return { done: sum(steps.filter((step) => step.state === 'sealed')), all: sum(steps) };
}
