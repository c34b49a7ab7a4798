import FormField from '@cloudscape-design/components/form-field';
import Textarea from '@cloudscape-design/components/textarea';
import { useState, type ReactElement } from 'react';
import { FormDialog } from '../../../parts/form-dialog';
import { text } from '../../../text/text';
import { useCalls } from '../calls';

/** "Do not agree" is as good an answer as a signature; it needs a reason. */
export function Dissent({ seat, onClose }: { readonly seat: string; readonly onClose: () => void }): ReactElement {
  const calls = useCalls();
  const [reason, setReason] = useState('');
  const record = async (): Promise<void> => {
    if (await calls.sign({ type: 'dissent', seat, reason: reason.trim() }, null)) onClose();
  };
  return (
    <FormDialog
      title={`${seat}: ${text.beat.dissent}`}
      hint={text.beat.dissentHint}
      action={text.beat.dissentRecord}
      ready={reason.trim() !== ''}
      pending={calls.pending}
      failure={calls.failure}
      onAct={() => void record()}
      onClose={onClose}
    >
      <FormField label={text.beat.dissentReason} stretch>
        <Textarea value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
    </FormDialog>
  );
}
