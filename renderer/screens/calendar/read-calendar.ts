import { useEffect, useState } from 'react';
import type { CalendarItem } from '../../../core/contract/calendar-values';
import { useAsk, type Ask } from '../../ask';
import { bridge } from '../../bridge-client';

/** The station's calendar; null until it is there. Asked anew whenever `sign` changes. */
export function useCalendar(sign = ''): {
  readonly items: readonly CalendarItem[] | null;
  readonly ask: Ask;
  readonly setItems: (items: readonly CalendarItem[]) => void;
} {
  const [items, setItems] = useState<readonly CalendarItem[] | null>(null);
  const ask = useAsk();
  const { run } = ask;
  useEffect(() => {
    void run(() => bridge.calendar.list()).then((answer) => {
      if (answer !== null) setItems(answer.value);
    });
  }, [run, sign]);
  return { items, ask, setItems };
}
