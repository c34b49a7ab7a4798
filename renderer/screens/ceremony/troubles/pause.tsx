import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useState, type ReactElement } from 'react';
import { FormDialog } from '../../../parts/form-dialog';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import styles from './troubles.module.css';

/** Interlude: why, and for how long. */
export function Pause({ onClose }: { readonly onClose: () => void }): ReactElement {
  const calls = useCalls();
  const words = text.trouble.pause;
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('15');
  const count = Number(minutes);
  const fits = Number.isInteger(count) && count >= 1;
  const record = async (): Promise<void> => {
    if (await calls.submit({ type: 'pause', reason: reason.trim(), minutes: count })) onClose();
  };
  return (
    <FormDialog
      title={words.title}
      hint={words.hint}
      action={words.record}
      ready={reason.trim() !== '' && fits}
      pending={calls.pending}
      failure={calls.failure}
      onAct={() => void record()}
      onClose={onClose}
    >
      <div className={styles.quick}>
        {words.reasons.map((each) => (
          <Button key={each} onClick={() => setReason(each)}>
            {each}
          </Button>
        ))}
      </div>
      <FormField label={words.reason} stretch>
        <Input value={reason} autoComplete={false} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
      <FormField label={words.minutes} errorText={fits ? null : words.badMinutes}>
        <Input value={minutes} inputMode="numeric" autoComplete={false} onChange={({ detail }) => setMinutes(detail.value)} />
      </FormField>
    </FormDialog>
  );
}
