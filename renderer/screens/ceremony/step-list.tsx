import { useEffect, useRef, type ReactElement } from 'react';
import type { CeremonyView, StepLine } from '../../../core/ceremony/view-model';
import { Mark, type MarkKind } from '../../parts/mark';
import { text } from '../../text/text';
import styles from './step-list.module.css';

const MARKS: Readonly<Record<StepLine['state'], MarkKind>> = { sealed: 'good', current: 'now', waiting: 'waiting' };

function Step({ step }: { readonly step: StepLine }): ReactElement {
  const isCurrent = step.state === 'current';
  return (
    <li className={`${styles.step ?? ''} ${styles[step.state] ?? ''}`} aria-current={isCurrent ? 'step' : undefined}>
      <Mark kind={MARKS[step.state]} iconLabel={text.stage.stepStates[step.state]}>
        <span className={styles.name}>
          {step.id} {step.title}
        </span>
        {isCurrent ? <span className={styles.now}>{text.stage.stepStates.current}</span> : null}
      </Mark>
      {step.exceptions === 0 ? null : <span className={styles.trouble}>{text.stage.stepExceptions(step.exceptions)}</span>}
    </li>
  );
}

/** Acts and steps with their state. */
export function StepList({ view }: { readonly view: CeremonyView }): ReactElement {
  const list = useRef<HTMLOListElement>(null);
  const current = view.step?.id;
  useEffect(() => {
    list.current?.querySelector('[aria-current="step"]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <ol ref={list}>
      {view.acts.map((act, i) => (
        <li key={i} className={styles.act}>
          <p className={styles.title}>{text.stage.act(i + 1, act.title)}</p>
          <ol>
            {act.steps.map((step) => (
              <Step key={step.id} step={step} />
            ))}
          </ol>
        </li>
      ))}
    </ol>
  );
}
