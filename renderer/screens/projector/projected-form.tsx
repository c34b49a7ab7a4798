import type { ReactElement } from 'react';
import type { DoForm } from '../../../core/ceremony/view-model';
import { Fingerprint } from '../../parts/fingerprint';
import { Mark, type MarkKind } from '../../parts/mark';
import { MediumBadge } from '../../parts/medium-badge';
import { ShowBlocks } from '../../parts/show-blocks';
import { text } from '../../text/text';
import styles from './projector.module.css';

type Row = Extract<DoForm, { kind: 'compare' }>['rows'][number];

const MARKS: Readonly<Record<Row['state'], MarkKind>> = { waiting: 'waiting', now: 'now', matched: 'good', differs: 'bad' };

function CompareRows({ rows }: { readonly rows: readonly Row[] }): ReactElement {
  return (
    <ol className={styles.rows}>
      {rows.map((row) => (
        <li key={row.n} className={`${styles.row ?? ''} ${row.state === 'now' ? (styles.now ?? '') : ''}`}>
          <span>{row.n}</span>
          <span className={styles.hex}>{row.hex}</span>
          <span lang="en">{row.words}</span>
          <Mark kind={MARKS[row.state]} iconLabel={text.beat.rowStates[row.state]} />
        </li>
      ))}
    </ol>
  );
}

/** What DO asks, for reading along: what is ticked, compared or approved. No entry, no secret, no button. */
export function ProjectedForm({ form }: { readonly form: DoForm }): ReactElement | null {
  switch (form.kind) {
    case 'confirm':
      return (
        <ol className={styles.list}>
          {form.items.map((item, i) => (
            <li key={i} className={styles.line}>
              <Mark kind={item.ticked ? 'good' : 'waiting'} iconLabel={item.ticked ? text.beat.ticked : text.beat.notYet} />
              <span>{item.text}</span>
            </li>
          ))}
        </ol>
      );
    case 'compare':
      return <CompareRows rows={form.rows} />;
    case 'approve':
      return (
        <>
          <ShowBlocks blocks={form.subject} isProjected />
          <Fingerprint label={text.beat.approveDigest} rows={form.rows} />
        </>
      );
    case 'choose':
      return <p>{form.options.find((option) => option.id === form.chosen)?.title}</p>;
    case 'enterTwice':
      return form.value === null ? <p>{form.title}</p> : <p className="mono">{form.value}</p>;
    case 'act':
      return (
        <>
          <p>{form.title}</p>
          {form.medium === null ? null : <MediumBadge which={form.medium} />}
        </>
      );
    case 'none':
    case 'attendance':
    case 'signOff':
      return null;
  }
}
