import type { TokenUser } from '../../core/ceremony/command';
import { PRACTICE_PINS } from '../../core/contract/fixed-words';
import { useSettings } from '../snapshots';
import { text } from '../text/text';

/** What to enter at the practice token, whose PINs are no secret; '' at any other token. */
export function usePracticePin(user: TokenUser): string {
  const isPractice = useSettings()?.embeddedToken === true;
  return isPractice ? ` ${text.beat.practicePin(PRACTICE_PINS[user])}` : '';
}
