import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { StepView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import type { FormOf } from '../form-of';
import styles from './confirm.module.css';

/** Lines to be ticked one by one; a tick is recorded at once and stays. */
export function Confirm({ step, form }: { readonly step: StepView; readonly form: FormOf<'confirm'> }): ReactElement {
  const calls = useCalls();
  const first = form.items.findIndex((item) => !item.ticked);
  // Not disabled meanwhile: what is disabled loses focus, and the next key would go nowhere.
  const tick = (item: number): void => {
    if (!calls.pending) void calls.submit({ type: 'tick', step: step.id, item });
  };
  return (
    <>
      {first === -1 ? null : <p className={styles.hint}>{text.beat.tickHint}</p>}
      <ol className={styles.items}>
        {form.items.map((item, i) => (
          <li key={i}>
            {item.ticked ? (
              <div className={styles.item}>
                <span className={styles.n}>{i + 1}</span>
                <StatusIndicator type="success">{text.beat.ticked}</StatusIndicator>
                <span>{item.text}</span>
              </div>
            ) : (
              <button
                type="button"
                className={styles.open}
                disabled={step.do.state !== 'now'}
                data-digit={i + 1}
                data-shortcut={i === first ? 'C' : undefined}
                data-next={i === first ? '' : undefined}
                onClick={() => tick(i)}
              >
                <span className={styles.n}>{i + 1}</span>
                <span className={styles.box} aria-hidden="true" />
                <span>{item.text}</span>
                <span className="only-heard">{text.beat.tick(i + 1)}</span>
              </button>
            )}
          </li>
        ))}
      </ol>
      <FailureAlert failure={calls.failure} />
    </>
  );
}
