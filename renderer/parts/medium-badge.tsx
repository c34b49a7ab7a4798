import type { ReactElement } from 'react';
import type { Medium } from '../../core/ceremony/command';
import { text } from '../text/text';
import styles from './medium-badge.module.css';

/** A square with an arrow that leaves, and a round with one that returns: they differ in a photograph without colour, too. */
const SHAPES: Readonly<Record<Medium, ReactElement>> = {
  out: (
    <>
      <rect x="1.5" y="1.5" width="29" height="29" rx="2" fill="currentColor" />
      <path d="M8 16h14M16 9l7 7-7 7" />
    </>
  ),
  back: (
    <>
      <circle cx="16" cy="16" r="14.5" fill="currentColor" />
      <path d="M24 16H10M16 9l-7 7 7 7" />
    </>
  ),
};

/** Which of the two media is meant: shape, arrow, number and word, and colour besides. */
export function MediumBadge({ which }: { readonly which: Medium }): ReactElement {
  return (
    <span className={`${styles.badge ?? ''} ${styles[which] ?? ''}`}>
      <svg className={styles.shape} viewBox="0 0 32 32" aria-hidden="true">
        {SHAPES[which]}
      </svg>
      <span>
        <strong className={styles.word}>{text.media.words[which]}</strong>{' '}
        <span className={styles.way}>{text.media.ways[which]}</span>
      </span>
    </span>
  );
}
