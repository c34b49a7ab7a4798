import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Textarea from '@cloudscape-design/components/textarea';
import { useState, type ReactElement } from 'react';
import type { SEVERITIES } from '../../../../core/ceremony/command';
import { FormDialog } from '../../../parts/form-dialog';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import { QuickKinds } from './quick-kinds';

type Severity = (typeof SEVERITIES)[number];

/** One click names the usual ones; three fields hold the rest. */
export function CaptureException({ onClose }: { readonly onClose: () => void }): ReactElement {
  const calls = useCalls();
  const words = text.trouble.capture;
  const [severity, setSeverity] = useState<Severity>('procedural');
  const [expected, setExpected] = useState('');
  const [happened, setHappened] = useState('');
  const record = async (): Promise<void> => {
    const command = { type: 'raiseException', severity, expected: expected.trim(), happened: happened.trim() } as const;
    if (await calls.submit(command)) onClose();
  };
  return (
    <FormDialog
      title={words.title}
      hint={words.hint}
      action={words.record}
      ready={expected.trim() !== '' && happened.trim() !== ''}
      pending={calls.pending}
      failure={calls.failure}
      onAct={() => void record()}
      onClose={onClose}
    >
      <QuickKinds
        onPick={(kind) => {
          setSeverity(kind.severity);
          setExpected(kind.expected);
          setHappened(kind.happened);
        }}
      />
      <FormField label={words.severity}>
        <RadioGroup
          value={severity}
          onChange={({ detail }) => setSeverity(detail.value as Severity)}
          items={Object.entries(text.trouble.severities).map(([value, label]) => ({
            value,
            label,
            description: text.trouble.severityHints[value as Severity],
          }))}
        />
      </FormField>
      <FormField label={words.expected} stretch>
        <Textarea rows={2} value={expected} onChange={({ detail }) => setExpected(detail.value)} />
      </FormField>
      <FormField label={words.happened} stretch>
        <Textarea rows={2} value={happened} onChange={({ detail }) => setHappened(detail.value)} />
      </FormField>
    </FormDialog>
  );
}
