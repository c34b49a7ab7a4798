import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { KeysReport } from '../../../core/contract/values';
import { AttributeTable } from '../../parts/attribute-table';
import { inGroups } from '../../parts/in-groups';
import { text } from '../../text/text';
import styles from './keys.module.css';

type Entry = KeysReport['keys'][number];

const MARKS: Readonly<Record<Entry['verdict'], StatusIndicatorProps.Type>> = {
  fits: 'success',
  differs: 'error',
  unknown: 'info',
};

export function KeyRow({ entry }: { readonly entry: Entry }): ReactElement {
  return (
    <li>
      <details className={styles.key} open={entry.verdict === 'differs'}>
        <summary className={styles.summary}>
          <strong>{entry.label}</strong>
          <span>
            {entry.keyType} {entry.class}
          </span>
          <StatusIndicator type={MARKS[entry.verdict]}>{text.keys.verdicts[entry.verdict]}</StatusIndicator>
          {entry.purpose === '' ? null : <span className={styles.soft}>{text.keys.purpose(entry.purpose)}</span>}
        </summary>
        <p className={styles.soft}>
          {text.keys.ckaId} <span className="mono">{inGroups(entry.ckaId)}</span>
        </p>
        {entry.rows.length === 0 ? (
          <p>{text.keys.noRows}</p>
        ) : (
          <AttributeTable title={entry.label} firstColumn={text.keys.attribute} rows={entry.rows} />
        )}
      </details>
    </li>
  );
}
