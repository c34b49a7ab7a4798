import Icon from '@cloudscape-design/components/icon';
import type { ReactElement } from 'react';
import styles from './verdict-mark.module.css';

/** A verdict as icon, word and colour, in the size of the text around it (Cloudscape's own indicator has a fixed one). */
export function VerdictMark({ ok, word }: { readonly ok: boolean; readonly word: string }): ReactElement {
  return (
    <span className={ok ? styles.good : styles.bad}>
      <Icon name={ok ? 'status-positive' : 'status-negative'} size="inherit" /> {word}
    </span>
  );
}
