import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactElement, ReactNode } from 'react';
import type { BeatState } from '../../../core/ceremony/view-model';
import { text } from '../../text/text';
import styles from './beat.module.css';

const MARKS: Readonly<Record<BeatState, StatusIndicatorProps.Type>> = {
  waiting: 'pending',
  now: 'in-progress',
  done: 'success',
  none: 'not-started',
};

interface BeatProps {
  readonly n: number;
  readonly title: string;
  readonly state: BeatState;
  /** Said instead of the content while there is none. */
  readonly note: string;
  readonly children: ReactNode;
  /** Stays at the foot of the window while it is now, so that the evidence above can be read with it in reach. */
  readonly isPinned?: boolean;
}

/** One of the five beats. The one that is now is the only one with a frame and a bar; what is not there yet is one line. */
export function Beat({ n, title, state, note, children, isPinned = false }: BeatProps): ReactElement {
  const isThere = state === 'now' || state === 'done';
  return (
    <section
      className={`${styles.beat ?? ''} ${styles[state] ?? ''} ${isPinned && state === 'now' ? (styles.pinned ?? '') : ''}`}
      data-beat={n}
      data-state={state}
      aria-label={title}
      aria-current={state === 'now' ? 'step' : undefined}
    >
      <div className={styles.head} data-now={state === 'now' ? '' : undefined} tabIndex={state === 'now' ? -1 : undefined}>
        <span className={styles.n} aria-hidden="true">
          {n}
        </span>
        <h3 className={styles.title}>{title}</h3>
        <StatusIndicator type={MARKS[state]} {...(state === 'now' ? { colorOverride: 'blue' as const } : {})}>
          {text.stage.beatStates[state]}
        </StatusIndicator>
        {isThere ? null : <span className={styles.note}>{note}</span>}
      </div>
      {isThere ? <div className={styles.content}>{children}</div> : null}
    </section>
  );
}
