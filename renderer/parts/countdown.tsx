import { useEffect, useRef, type ReactElement } from 'react';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { announce } from '../announce';
import { useClock } from '../clock';
import { text } from '../text/text';
import styles from './countdown.module.css';
import { deadlineState, durationText, milestoneOf, type DeadlineState, type Urgency } from './deadline-state';
import { Instant } from './instant';
import { Mark, type MarkKind } from './mark';

const MARKS: Readonly<Record<Urgency, MarkKind>> = {
  open: 'info',
  near: 'warning',
  tooLate: 'bad',
  late: 'warning',
  over: 'bad',
};

/**
 * The clock that can end a ceremony: time to the last safe step and to the end of the set, always in sight. It counts by itself;
 * aloud it speaks only when a limit is passed or comes near.
 */
export function Countdown({ deadline }: { readonly deadline: NonNullable<CeremonyView['deadline']> }): ReactElement {
  const state = deadlineState(deadline, useClock());
  useMilestones(state);
  const { urgency } = state;
  return (
    <div className={`${styles.countdown ?? ''} ${styles[urgency] ?? ''}`} role="timer" aria-label={text.deadline.title}>
      <Mark kind={MARKS[urgency]}>
        <strong>{text.deadline.states[urgency]}</strong> {nextOf(state)}
      </Mark>
      <p className={styles.end}>
        {urgency === 'over' ? text.deadline.ended : text.deadline.ends} <Instant iso={state.until} />
        {urgency === 'over' || urgency === 'late' ? null : ` (${text.deadline.in(durationText(state.toEndMs))})`}
      </p>
      <Bar state={state} />
    </div>
  );
}

function nextOf({ due, urgency, leftMs }: DeadlineState): string {
  return text.deadline.next[due][urgency](durationText(leftMs));
}

/** The 24 hours: what has gone, and the notch at the limit for what is due. */
function Bar({ state }: { readonly state: DeadlineState }): ReactElement {
  return (
    <div className={styles.bar} aria-hidden="true">
      <div className={styles.gone} style={{ width: `${String(100 * state.gone)}%` }} />
      <div className={styles.notch} style={{ left: `${String(100 * state.limitAt)}%` }} />
    </div>
  );
}

function useMilestones(state: DeadlineState): void {
  const milestone = milestoneOf(state);
  const last = useRef(milestone);
  const said = `${text.deadline.states[state.urgency]} ${nextOf(state)}`;
  useEffect(() => {
    if (last.current !== milestone) announce(said);
    last.current = milestone;
  }, [milestone, said]);
}
