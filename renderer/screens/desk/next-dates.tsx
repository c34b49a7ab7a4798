import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { Instant } from '../../parts/instant';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import { CalendarFailure } from '../calendar/calendar-failure';
import { NearnessMark } from '../calendar/nearness-mark';
import type { useCalendar } from '../calendar/read-calendar';
import styles from './desk.module.css';

const SHOWN = 4;

/** What must not be forgotten, overdue first, each with its owner. Without an entry there is no panel. */
export function NextDates({
  calendar: { items, ask },
}: {
  readonly calendar: ReturnType<typeof useCalendar>;
}): ReactElement | null {
  const words = text.calendar;
  if (ask.failure !== null) return <CalendarFailure failure={ask.failure} />;
  if (items === null || items.length === 0) return null;
  const more = items.length - SHOWN;
  return (
    <Panel title={words.desk} actions={<Button onClick={() => go('calendar')}>{words.all}</Button>}>
      <ul className={styles.list}>
        {items.slice(0, SHOWN).map((item) => (
          <li key={item.id} className={styles.item}>
            <div>
              <strong>{item.title}</strong>
              <p className={styles.where}>
                {words.dueOn} <Instant iso={item.due} /> - {words.owner}: {item.owner}
                {item.rehearsal ? ` - ${words.rehearsal}` : ''}
              </p>
            </div>
            <NearnessMark item={item} />
          </li>
        ))}
      </ul>
      {more > 0 ? <p className={styles.where}>{words.more(more)}</p> : null}
    </Panel>
  );
}
