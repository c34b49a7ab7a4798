import type { CeremonyView } from '../../../core/ceremony/view-model';

/** Index of the act we are in: the first that is not all sealed, else the last. */
export function actOf(view: CeremonyView): number {
  const open = view.acts.findIndex((act) => act.steps.some((step) => step.state !== 'sealed'));
  return open === -1 ? view.acts.length - 1 : open;
}
