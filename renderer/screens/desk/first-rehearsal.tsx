import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './desk.module.css';

/** What an empty station teaches: three lines, one button. */
export function FirstRehearsal(): ReactElement {
  const { title, lines, button } = text.desk.first;
  return (
    <Panel title={title}>
      <ol className={styles.lines}>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ol>
      <Button variant="primary" onClick={() => go('start')}>
        {button}
      </Button>
    </Panel>
  );
}
