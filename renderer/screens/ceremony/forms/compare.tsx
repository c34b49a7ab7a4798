import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { StepView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { Mark, type MarkKind } from '../../../parts/mark';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import type { FormOf } from '../form-of';
import styles from './compare.module.css';

type Row = FormOf<'compare'>['rows'][number];

const MARKS: Readonly<Record<Row['state'], MarkKind>> = { waiting: 'waiting', now: 'now', matched: 'good', differs: 'bad' };

interface VerdictProps {
  readonly row: Row;
  readonly onVerdict: (equal: boolean) => void;
}

/** Nothing here says "all equal": each row has its own two answers, and only the row that is now has them. */
function Verdict({ row, onVerdict }: VerdictProps): ReactElement {
  if (row.state !== 'now') return <Mark kind={MARKS[row.state]}>{text.beat.rowStates[row.state]}</Mark>;
  return (
    <span className={styles.buttons}>
      <Button
        variant="primary"
        onClick={() => onVerdict(true)}
        nativeButtonAttributes={{ 'data-shortcut': 'C', 'data-digit': String(row.n), 'data-next': '' }}
      >
        {text.beat.match(row.n)}
      </Button>
      <Button onClick={() => onVerdict(false)}>{text.beat.differsRow(row.n)}</Button>
    </span>
  );
}

/** Two people compare a fingerprint, row by row: one reads from the sheet, the other ticks here. */
export function Compare({ step, form }: { readonly step: StepView; readonly form: FormOf<'compare'> }): ReactElement {
  const calls = useCalls();
  // Not disabled meanwhile: what is disabled loses focus, and the next key would go nowhere.
  const judge = (row: number, equal: boolean): void => {
    if (!calls.pending) void calls.submit({ type: 'compareRow', step: step.id, row, equal });
  };
  const matched = form.rows.filter((row) => row.state === 'matched').length;
  return (
    <div>
      <p className={styles.how}>{text.beat.compareHow(form.reader, form.checker)}</p>
      <h4 className={styles.title}>{form.title}</h4>
      <ol className={styles.rows}>
        {form.rows.map((row) => (
          <li key={row.n} className={`${styles.row ?? ''} ${row.state === 'now' ? (styles.now ?? '') : ''}`}>
            <span className={styles.n}>{row.n}</span>
            <span className={styles.hex}>{row.hex}</span>
            <span className={styles.words} lang="en">
              {row.words}
            </span>
            <span className={styles.verdict}>
              <Verdict row={row} onVerdict={(equal) => judge(row.n, equal)} />
            </span>
          </li>
        ))}
      </ol>
      <p className={styles.count}>{text.beat.matchedOf(matched, form.rows.length)}</p>
      <FailureAlert failure={calls.failure} />
    </div>
  );
}
