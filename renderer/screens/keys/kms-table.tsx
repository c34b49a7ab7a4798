import Button from '@cloudscape-design/components/button';
import { Fragment, useState, type ReactElement } from 'react';
import type { KmsKeyReport, KmsKeysPage } from '../../../core/contract/kms-values';
import tableStyles from '../../parts/table.module.css';
import { text } from '../../text/text';
import { KmsDetail } from './kms-detail';
import { KeyExpiry, KeyStateMark, PolicyMark } from './kms-marks';
import styles from './keys.module.css';

const nameOf = ({ aliases, keyId }: KmsKeyReport): string => aliases[0] ?? keyId;

/** What sets a key apart at first sight. */
function remarks({ aliases, multiRegion }: KmsKeyReport): string {
  const words = text.kms;
  return [
    ...(aliases.some((alias) => alias.startsWith('alias/aws/')) ? [words.ofAws] : []),
    ...(multiRegion === null ? [] : [words[multiRegion.role]]),
  ].join(', ');
}

interface RowProps {
  readonly entry: KmsKeyReport;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Row({ entry, open, onToggle }: RowProps): ReactElement {
  const words = text.kms;
  const note = remarks(entry);
  return (
    <tr>
      <th scope="row">
        <div className={styles.name}>
          <strong>{nameOf(entry)}</strong>
          <div className={styles.soft}>
            {entry.aliases.length === 0 ? null : <div className="mono">{entry.keyId}</div>}
            {entry.spec}
            {note === '' ? null : `, ${note}`}
          </div>
          <Button wrapText={false} ariaLabel={words.details(nameOf(entry))} ariaExpanded={open} onClick={onToggle}>
            {open ? words.hide : words.show}
          </Button>
        </div>
      </th>
      <td>
        <KeyStateMark entry={entry} />
      </td>
      <td>
        <KeyExpiry entry={entry} />
      </td>
      <td className={styles.verdict}>
        <PolicyMark policy={entry.policy} />
      </td>
    </tr>
  );
}

/** One row a key; the rest of it unfolds below its row. */
export function KmsTable({ keys, page }: { readonly keys: readonly KmsKeyReport[]; readonly page: KmsKeysPage }): ReactElement {
  const words = text.kms;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (keyId: string): void => {
    const others = [...open].filter((id) => id !== keyId);
    setOpen(new Set(open.has(keyId) ? others : [...others, keyId]));
  };
  return (
    <div className={`${tableStyles.frame ?? ''} ${styles.table ?? ''}`} role="group" aria-label={words.title} tabIndex={0}>
      <table className={tableStyles.table}>
        <caption className="only-heard">{words.title}</caption>
        <thead>
          <tr>
            <th scope="col">{words.key}</th>
            <th scope="col">{words.state}</th>
            <th scope="col">{words.expiry}</th>
            <th scope="col">{words.policy}</th>
          </tr>
        </thead>
        <tbody>
          {keys.map((entry) => (
            <Fragment key={entry.keyId}>
              <Row entry={entry} open={open.has(entry.keyId)} onToggle={() => toggle(entry.keyId)} />
              {open.has(entry.keyId) ? (
                <tr>
                  <td colSpan={4}>
                    <KmsDetail entry={entry} page={page} name={nameOf(entry)} />
                  </td>
                </tr>
              ) : null}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}
