import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { CalendarItem } from '../../../core/contract/calendar-values';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { Page } from '../../parts/page';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import { CalendarFailure } from './calendar-failure';
import { CalendarTable } from './calendar-table';
import { useCalendar } from './read-calendar';
import { RemoveEntry } from './remove-entry';

/** Everything that must not be forgotten, the next first. */
export default function Calendar(): ReactElement {
  const words = text.calendar;
  const { items, ask, setItems } = useCalendar();
  const exporting = useAsk();
  const [removing, setRemoving] = useState<CalendarItem | null>(null);
  const write = async (id: string): Promise<void> => {
    const answer = await exporting.run(() => bridge.calendar.exportIcs({ id }));
    if (answer !== null) announce(words.exported(answer.value.name));
  };
  return (
    <Page title={words.title} actions={<Button onClick={() => go('desk')}>{words.back}</Button>}>
      <p>{words.intro}</p>
      <CalendarFailure failure={ask.failure ?? exporting.failure} />
      {items === null ? null : (
        <Panel title={words.desk}>
          {items.length === 0 ? (
            <p>
              <strong>{words.none}</strong> {words.noneHint}
            </p>
          ) : (
            <CalendarTable items={items} pending={exporting.pending} onExport={(id) => void write(id)} onRemove={setRemoving} />
          )}
        </Panel>
      )}
      {removing === null ? null : (
        <RemoveEntry
          item={removing}
          onClose={() => setRemoving(null)}
          onRemoved={(left) => {
            setRemoving(null);
            setItems(left);
          }}
        />
      )}
    </Page>
  );
}
