import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { StepView } from '../../../core/ceremony/view-model';
import { AttributeTable } from '../../parts/attribute-table';
import { text } from '../../text/text';
import { checkSummary } from './announcements';
import { Beat } from './beat';
import styles from './check-beat.module.css';

/** What the machine compared, every rule by name, and whom the step still waits for. */
export function CheckBeat({ step }: { readonly step: StepView }): ReactElement {
  const { state, checks, waitingFor } = step.check;
  const isGood = checks.every((check) => check.ok);
  return (
    <Beat n={4} title={text.stage.beats.check} state={state} note={state === 'none' ? text.beat.noChecks : text.beat.checkLater}>
      <div className={styles.check}>
        {checks.length === 0 ? (
          <p>{text.beat.noChecks}</p>
        ) : (
          <details open={!isGood}>
            <summary className={styles.summary}>
              <StatusIndicator type={isGood ? 'success' : 'error'}>{checkSummary(step)}</StatusIndicator>
            </summary>
            <AttributeTable
              title={text.stage.beats.check}
              firstColumn={text.beat.rule}
              rows={checks.map((check) => ({ name: check.rule, wanted: check.wanted, got: check.got, ok: check.ok }))}
            />
          </details>
        )}
        {waitingFor === '' ? null : <p>{text.beat.waitsFor(waitingFor)}</p>}
      </div>
    </Beat>
  );
}
