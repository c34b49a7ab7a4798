import Button from '@cloudscape-design/components/button';
import { useId, useState, type ReactElement } from 'react';
import type { StepView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { Mark } from '../../../parts/mark';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import type { FormOf } from '../form-of';
import styles from './choose.module.css';

/** One of several, round not square: picked first, recorded by a second act. */
export function Choose({ step, form }: { readonly step: StepView; readonly form: FormOf<'choose'> }): ReactElement {
  const calls = useCalls();
  const name = useId();
  const [option, setOption] = useState<string | null>(null);
  const chosen = form.options.find((each) => each.id === form.chosen);
  if (chosen !== undefined) return <Mark kind="good">{text.beat.chosen(chosen.title)}</Mark>;
  const record = (): void => {
    if (option !== null) void calls.submit({ type: 'choose', step: step.id, option });
  };
  return (
    <div className={styles.form}>
      <fieldset className={styles.options}>
        <legend className={styles.hint}>{text.beat.chooseHint}</legend>
        {form.options.map((each, i) => (
          <label key={each.id} className={styles.option}>
            <span className={styles.n}>{i + 1}</span>
            <input
              type="radio"
              name={name}
              checked={option === each.id}
              onChange={() => setOption(each.id)}
              data-digit={i + 1}
              data-next={i === 0 ? '' : undefined}
            />
            {each.title}
          </label>
        ))}
      </fieldset>
      <Button
        variant="primary"
        disabled={option === null}
        loading={calls.pending}
        onClick={record}
        nativeButtonAttributes={{ 'data-shortcut': 'C' }}
      >
        {text.beat.choose} (C)
      </Button>
      <FailureAlert failure={calls.failure} />
    </div>
  );
}
