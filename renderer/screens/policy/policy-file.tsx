import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { PickedPolicy } from '../../../core/contract/key-policy';
import { Findings } from '../../parts/findings';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { WhoTable } from './who-table';
import styles from './policy.module.css';

/** A policy that somebody else wrote: why it is none, or the same judgement as ours gets. */
export function PolicyFile({ picked, onClose }: { readonly picked: PickedPolicy; readonly onClose: () => void }): ReactElement {
  const words = text.policy;
  return (
    <Panel title={words.file(picked.name)} actions={<Button onClick={onClose}>{words.close}</Button>}>
      <div className={styles.changes}>
        {picked.judged === null ? (
          <Alert type="error" header={words.fileWrong}>
            <ul>
              {picked.problems.map(({ line, column, problem, remedy }, i) => (
                <li key={i}>
                  <strong>{words.fileAt(line, column)}:</strong> {problem} {remedy}
                </li>
              ))}
            </ul>
          </Alert>
        ) : (
          <>
            <div>
              <h3>{words.findings}</h3>
              <Findings findings={picked.judged.findings} />
            </div>
            <div>
              <h3>{words.whoCanDoWhat}</h3>
              <WhoTable rows={picked.judged.rows} />
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}
