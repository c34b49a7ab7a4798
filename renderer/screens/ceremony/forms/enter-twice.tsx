import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState, type ReactElement } from 'react';
import type { StepView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { inGroups } from '../../../parts/in-groups';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import type { FormOf } from '../form-of';
import styles from './form.module.css';

/** Twice, the second time blind; the engine alone knows the first entry. */
export function EnterTwice({ step, form }: { readonly step: StepView; readonly form: FormOf<'enterTwice'> }): ReactElement {
  if (form.entriesMade === 2 && form.value !== null) {
    return (
      <div className={styles.form}>
        <StatusIndicator type="success">{text.beat.entered}</StatusIndicator>
        <p className={styles.value}>{isNumber(form.value) ? inGroups(form.value) : form.value}</p>
      </div>
    );
  }
  return <Entry key={`${form.entriesMade}-${form.differed}`} step={step} form={form} />;
}

function Entry({ step, form }: { readonly step: StepView; readonly form: FormOf<'enterTwice'> }): ReactElement {
  const calls = useCalls();
  const [value, setValue] = useState('');
  const isSecond = form.entriesMade === 1;
  const record = (): void => {
    if (value.trim() === '') return;
    setValue('');
    void calls.submit({ type: 'enter', step: step.id, value: value.trim() });
  };
  return (
    <div className={styles.form}>
      {form.differed ? <StatusIndicator type="error">{text.beat.entriesDiffered}</StatusIndicator> : null}
      {isSecond ? <StatusIndicator type="info">{text.beat.entryHidden}</StatusIndicator> : null}
      <div className={styles.field}>
        <FormField
          stretch
          label={`${form.seat}: ${form.title}`}
          description={`${isSecond ? text.beat.enterSecond : text.beat.enterFirst} ${form.hint}`}
        >
          <Input
            value={value}
            autoComplete={false}
            disableBrowserAutocorrect
            spellcheck={false}
            nativeInputAttributes={{ 'data-shortcut': 'D', 'data-next': '' }}
            onChange={({ detail }) => setValue(detail.value)}
            onKeyDown={({ detail }) => {
              if (detail.key === 'Enter') record();
            }}
          />
        </FormField>
      </div>
      <Button variant="primary" loading={calls.pending} disabled={value.trim() === ''} onClick={record}>
        {text.beat.enterRecord}
      </Button>
      <FailureAlert failure={calls.failure} />
    </div>
  );
}

/** Serials, bag numbers and digests are compared in groups; words and dates are read as they are. */
function isNumber(value: string): boolean {
  return /^(?=.*\d)[0-9A-Za-z]{8,}$/u.test(value);
}
