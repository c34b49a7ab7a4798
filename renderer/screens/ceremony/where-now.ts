import type { CeremonyView } from '../../../core/ceremony/view-model';
import { text } from '../../text/text';
import { actOf } from './act-of';

/** The act we are in and the minutes left, or that it is all over. */
export function whereNow(view: CeremonyView): string {
  if (view.phase === 'sealed') return text.stage.phases.sealed;
  return text.stage.actsLeft(actOf(view) + 1, view.acts.length, view.minutesLeft);
}
