import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './desk.module.css';

/** How many can take a seat, or what to do first where nobody can. */
export function OfficerCount({ count }: { readonly count: number }): ReactElement {
  return (
    <Panel title={text.desk.officers}>
      <div className={styles.light}>
        <div className={styles.state}>
          <Mark kind={count === 0 ? 'warning' : 'good'}>{text.desk.officerCount(count)}</Mark>
        </div>
        {count === 0 ? <p>{text.desk.noOfficers}</p> : null}
        <div>
          <Button variant="inline-link" onClick={() => go('settings')}>
            {text.desk.enrol}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
