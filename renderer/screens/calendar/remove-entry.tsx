import type { ReactElement } from 'react';
import type { CalendarItem } from '../../../core/contract/calendar-values';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { Facts } from '../../parts/facts';
import { FormDialog } from '../../parts/form-dialog';
import { Instant } from '../../parts/instant';
import { text } from '../../text/text';

interface RemoveEntryProps {
  readonly item: CalendarItem;
  readonly onClose: () => void;
  readonly onRemoved: (items: readonly CalendarItem[]) => void;
}

/** Asked once more: an expiry that nobody remembers stops every use of a key. */
export function RemoveEntry({ item, onClose, onRemoved }: RemoveEntryProps): ReactElement {
  const words = text.calendar;
  const ask = useAsk();
  const remove = async (): Promise<void> => {
    const answer = await ask.run(() => bridge.calendar.remove({ id: item.id }));
    if (answer === null) return;
    announce(words.removed);
    onRemoved(answer.value);
  };
  return (
    <FormDialog
      title={words.removeOne(item.title)}
      hint={words.removeHint}
      action={words.remove}
      ready
      danger
      pending={ask.pending}
      failure={ask.failure}
      onAct={() => void remove()}
      onClose={onClose}
    >
      <Facts
        facts={[
          { name: words.dueOn, value: <Instant iso={item.due} /> },
          { name: words.owner, value: item.owner },
          { name: words.about, value: item.about, mono: true },
        ]}
      />
    </FormDialog>
  );
}
