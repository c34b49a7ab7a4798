import type { ReactElement } from 'react';
import type { CalendarItem, Nearness } from '../../../core/contract/calendar-values';
import { Mark, type MarkKind } from '../../parts/mark';
import { text } from '../../text/text';

const KINDS: Readonly<Record<Nearness, MarkKind>> = { overdue: 'bad', begin: 'warning', soon: 'now', later: 'info' };

/** How near an entry is, as icon and words. */
export function NearnessMark({ item }: { readonly item: CalendarItem }): ReactElement {
  const { nearness, due } = text.calendar;
  return (
    <Mark kind={KINDS[item.nearness]}>
      {nearness[item.nearness]}: {due(item.daysLeft)}
    </Mark>
  );
}
