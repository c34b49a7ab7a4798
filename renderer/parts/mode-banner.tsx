import type { ReactElement } from 'react';
import type { RunMode } from '../../core/ceremony/view-model';
import { text } from '../text/text';
import styles from './mode-banner.module.css';

/** The mode, on every screen: hatched in rehearsal, plain and strong in production. */
export function ModeBanner({ mode, big = false }: { readonly mode: RunMode; readonly big?: boolean }): ReactElement {
  return (
    <div className={`${styles.banner ?? ''} ${styles[mode] ?? ''} ${big ? (styles.big ?? '') : ''}`}>
      <span>{text.shell.banner[mode]}</span>
    </div>
  );
}
