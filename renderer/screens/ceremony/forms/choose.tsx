import Button from '@cloudscape-design/components/button';
import RadioGroup from '@cloudscape-design/components/radio-group';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState, type ReactElement } from 'react';
import type { StepView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import type { FormOf } from '../form-of';
import styles from './form.module.css';

/** One of several, round not square: picked first, recorded by a second act. */
export function Choose({ step, form }: { readonly step: StepView; readonly form: FormOf<'choose'> }): ReactElement {
  const calls = useCalls();
  const [option, setOption] = useState<string | null>(null);
  const chosen = form.options.find((each) => each.id === form.chosen);
  if (chosen !== undefined) return <StatusIndicator type="success">{text.beat.chosen(chosen.title)}</StatusIndicator>;
  const record = (): void => {
    if (option !== null) void calls.submit({ type: 'choose', step: step.id, option });
  };
  return (
    <div className={styles.form}>
      <p className={styles.hint}>{text.beat.chooseHint}</p>
      <RadioGroup
        ariaLabel={step.title}
        items={form.options.map((each) => ({ value: each.id, label: each.title }))}
        value={option}
        onChange={({ detail }) => setOption(detail.value)}
      />
      <div>
        <Button
          variant="primary"
          disabled={option === null}
          loading={calls.pending}
          onClick={record}
          nativeButtonAttributes={{ 'data-shortcut': 'C' }}
        >
          {text.beat.choose} (C)
        </Button>
      </div>
      <FailureAlert failure={calls.failure} />
    </div>
  );
}
