import type { ReactElement, ReactNode } from 'react';
import styles from './panel.module.css';

interface PanelProps {
  readonly title: string;
  readonly level?: 2 | 3;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A titled box: one idea on a screen. */
export function Panel({ title, level = 2, actions, children }: PanelProps): ReactElement {
  const Heading = `h${String(level)}` as 'h2' | 'h3';
  return (
    <section className={styles.panel} aria-label={title}>
      <div className={styles.head}>
        <Heading>{title}</Heading>
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}
