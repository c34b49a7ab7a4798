import type { Result } from '../../../core/contract/result';
import type { Settings } from '../../../core/contract/values';
import { announce } from '../../announce';
import { useAsk, type Ask } from '../../ask';
import { receive } from '../../snapshots';
import { text } from '../../text/text';

/** Changes a setting; the whole settings come back. */
export function useSave(): { readonly ask: Ask; readonly save: (question: () => Promise<Result<Settings>>) => Promise<boolean> } {
  const ask = useAsk();
  const save = async (question: () => Promise<Result<Settings>>): Promise<boolean> => {
    const answer = await ask.run(question);
    if (answer === null) return false;
    receive('settings.changed', answer.value);
    announce(text.settings.saved);
    return true;
  };
  return { ask, save };
}
