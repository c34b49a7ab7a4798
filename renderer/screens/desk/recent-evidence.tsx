import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { PackSummary } from '../../../core/contract/values';
import { Instant } from '../../parts/instant';
import { PackState } from '../../parts/pack-state';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './desk.module.css';

export function RecentEvidence({ packs }: { readonly packs: readonly PackSummary[] }): ReactElement {
  return (
    <Panel title={text.desk.recent} actions={<Button onClick={() => go('evidence')}>{text.desk.allEvidence}</Button>}>
      {packs.length === 0 ? (
        <p className={styles.where}>{text.desk.noEvidence}</p>
      ) : (
        <ul className={styles.list}>
          {packs.map((pack) => (
            <li key={pack.ceremonyId} className={styles.item}>
              <div>
                <strong>{pack.title}</strong>
                <p className={styles.where}>
                  <Instant iso={pack.openedAt} /> - {text.desk.exceptions(pack.exceptions)} - {text.stage.head}{' '}
                  <span lang="en">{pack.headWords}</span>
                </p>
              </div>
              <PackState state={pack.state} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
