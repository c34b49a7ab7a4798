import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './proxy.module.css';

/** No proxy yet: what it is, why most should not have one, and the way to one. */
export function NotSetUp(): ReactElement {
  const words = text.proxy.empty;
  return (
    <Panel title={words.title}>
      <div className={styles.panel}>
        <p className={styles.lead}>{words.what}</p>
        <h3>
          <Mark kind="warning">{words.think}</Mark>
        </h3>
        <ul className={styles.points}>
          {words.warnings.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <div>
          <Button variant="primary" onClick={() => go('start', { script: 'xks-store' })}>
            {words.start}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
