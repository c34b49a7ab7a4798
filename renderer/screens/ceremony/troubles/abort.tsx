import FormField from '@cloudscape-design/components/form-field';
import Textarea from '@cloudscape-design/components/textarea';
import { useState, type ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { FormDialog } from '../../../parts/form-dialog';
import { SeatTicks } from '../../../parts/seat-ticks';
import { useShownCode } from '../../../parts/shown-code';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import { deciderSeats } from './deciders';

/** Stopping for good: a reason, two deciders, a code typed from the screen, three seconds. */
export function Abort({ view, onClose }: { readonly view: CeremonyView; readonly onClose: () => void }): ReactElement {
  const calls = useCalls();
  const words = text.trouble.abort;
  const code = useShownCode();
  const [reason, setReason] = useState('');
  const [decidedBy, setDecidedBy] = useState<readonly string[]>([]);
  const abort = async (): Promise<void> => {
    if (await calls.submit({ type: 'abort', reason: reason.trim(), decidedBy: [...decidedBy] })) onClose();
  };
  return (
    <FormDialog
      title={words.title}
      hint={words.hint}
      action={words.record}
      ready={code.matches && reason.trim() !== '' && decidedBy.length >= 2}
      danger
      pending={calls.pending}
      failure={calls.failure}
      onAct={() => void abort()}
      onClose={onClose}
    >
      <FormField label={words.reason} stretch>
        <Textarea rows={2} value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
      <SeatTicks
        label={words.by}
        hint={text.trouble.decide.byHint}
        seats={deciderSeats(view)}
        ticked={decidedBy}
        onChange={setDecidedBy}
      />
      {code.field}
    </FormDialog>
  );
}
