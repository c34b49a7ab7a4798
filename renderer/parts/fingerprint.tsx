import type { ReactElement } from 'react';
import { fingerprintRows, type FingerprintRow } from '../../core/evidence/words';
import styles from './fingerprint.module.css';

interface FingerprintProps {
  readonly label: string;
  readonly rows: readonly FingerprintRow[];
}

/** A digest for people: numbered rows of hex and words, never shortened. */
export function Fingerprint({ label, rows }: FingerprintProps): ReactElement {
  return (
    <figure className={styles.figure}>
      <figcaption className={styles.label}>{label}</figcaption>
      <ol className={styles.rows}>
        {rows.map((row) => (
          <li key={row.n} className={styles.row}>
            <span className={styles.n}>{row.n}</span>
            <span className={styles.hex}>{row.hex}</span>
            <span className={styles.words} lang="en">
              {row.words}
            </span>
          </li>
        ))}
      </ol>
    </figure>
  );
}

/** The same, from the digest itself. */
export function DigestRows({ label, digest }: { readonly label: string; readonly digest: string }): ReactElement {
  return <Fingerprint label={label} rows={fingerprintRows(digest)} />;
}
