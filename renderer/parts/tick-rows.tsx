import type { ReactElement } from 'react';
import { fingerprintRows } from '../../core/evidence/words';
import { text } from '../text/text';
import styles from './fingerprint.module.css';

interface TickRowsProps {
  readonly label: string;
  readonly digest: string;
  /** numbers of the rows ticked so far */
  readonly ticked: readonly number[];
  readonly onChange: (ticked: readonly number[]) => void;
}

/** A digest compared with paper: each row is ticked by itself, and nothing ticks them all. */
export function TickRows({ label, digest, ticked, onChange }: TickRowsProps): ReactElement {
  const toggle = (n: number): void => onChange(ticked.includes(n) ? ticked.filter((other) => other !== n) : [...ticked, n]);
  const next = fingerprintRows(digest).find((row) => !ticked.includes(row.n))?.n;
  return (
    <fieldset className={styles.figure}>
      <legend className={styles.label}>{label}</legend>
      <div className={styles.rows}>
        {fingerprintRows(digest).map((row) => (
          <label key={row.n} className={styles.tickRow}>
            <input
              type="checkbox"
              checked={ticked.includes(row.n)}
              onChange={() => toggle(row.n)}
              data-digit={row.n}
              data-shortcut={row.n === next ? 'C' : undefined}
              data-next={row.n === next ? '' : undefined}
            />
            <span className={styles.n}>{row.n}</span>
            <span className={styles.hex}>{row.hex}</span>
            <span lang="en">{row.words}</span>
          </label>
        ))}
      </div>
      <p>{text.beat.matchedOf(ticked.length, fingerprintRows(digest).length)}</p>
    </fieldset>
  );
}
