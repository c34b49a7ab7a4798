import Icon, { type IconProps } from '@cloudscape-design/components/icon';
import type { ReactElement, ReactNode } from 'react';
import styles from './mark.module.css';

export type MarkKind = 'good' | 'bad' | 'warning' | 'now' | 'waiting' | 'stopped' | 'info';

const ICONS: Readonly<Record<MarkKind, IconProps.Name>> = {
  good: 'status-positive',
  bad: 'status-negative',
  warning: 'status-warning',
  now: 'status-in-progress',
  waiting: 'status-pending',
  stopped: 'status-stopped',
  info: 'status-info',
};

interface MarkProps {
  readonly kind: MarkKind;
  /** Said by the icon where the text beside it does not name the state. */
  readonly iconLabel?: string;
  readonly children?: ReactNode;
}

/** A state as icon, word and colour, in the size of the text around it, with its lines under one another. */
export function Mark({ kind, iconLabel, children }: MarkProps): ReactElement {
  return (
    <span className={`${styles.mark ?? ''} ${styles[kind] ?? ''}`}>
      <Icon name={ICONS[kind]} size="inherit" {...(iconLabel === undefined ? {} : { ariaLabel: iconLabel })} />
      <span className={styles.words}>{children}</span>
    </span>
  );
}
