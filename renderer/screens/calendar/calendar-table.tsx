import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { CalendarItem } from '../../../core/contract/calendar-values';
import { Instant } from '../../parts/instant';
import { PlainTable } from '../../parts/plain-table';
import { text } from '../../text/text';
import { NearnessMark } from './nearness-mark';
import styles from './calendar.module.css';

interface CalendarTableProps {
  readonly items: readonly CalendarItem[];
  readonly pending: boolean;
  readonly onExport: (id: string) => void;
  readonly onRemove: (item: CalendarItem) => void;
}

function What({ item }: { readonly item: CalendarItem }): ReactElement {
  const words = text.calendar;
  return (
    <div className={styles.what}>
      <strong>{item.title}</strong>
      <div className={styles.soft}>
        {words.kinds[item.kind]}
        {item.rehearsal ? ` - ${words.rehearsal}` : ''}
        {item.about === '' ? null : <div className="mono">{item.about}</div>}
        {item.ceremonyId === '' ? null : <div className="mono">{item.ceremonyId}</div>}
      </div>
    </div>
  );
}

function When({ item }: { readonly item: CalendarItem }): ReactElement {
  const words = text.calendar;
  return (
    <div className={styles.when}>
      <NearnessMark item={item} />
      <div className={styles.soft}>
        {words.dueOn} <Instant iso={item.due} />
        <br />
        {words.beginBy} <Instant iso={item.beginBy} />
      </div>
    </div>
  );
}

export function CalendarTable({ items, pending, onExport, onRemove }: CalendarTableProps): ReactElement {
  const words = text.calendar;
  return (
    <div className={styles.table}>
      <PlainTable
        title={words.title}
        columns={[words.what, words.when, words.owner, words.actions]}
        empty={words.none}
        rows={items.map((item) => ({
          key: item.id,
          cells: [
            <What key="what" item={item} />,
            <When key="when" item={item} />,
            <span key="owner" className={styles.owner}>
              {item.owner}
            </span>,
            <div key="actions" className={styles.buttons}>
              <Button
                wrapText={false}
                disabled={pending}
                ariaLabel={words.exportOne(item.title)}
                onClick={() => onExport(item.id)}
              >
                {words.export}
              </Button>
              <Button wrapText={false} disabled={pending} ariaLabel={words.removeOne(item.title)} onClick={() => onRemove(item)}>
                {words.remove}
              </Button>
            </div>,
          ],
        }))}
      />
    </div>
  );
}
