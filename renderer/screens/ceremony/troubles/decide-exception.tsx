import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Textarea from '@cloudscape-design/components/textarea';
import { useState, type ReactElement } from 'react';
import type { DECISIONS, EFFECTS_ON_KEY } from '../../../../core/ceremony/command';
import type { CeremonyView, ExceptionView } from '../../../../core/ceremony/view-model';
import { FormDialog } from '../../../parts/form-dialog';
import { SeatTicks } from '../../../parts/seat-ticks';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import { deciderSeats } from './deciders';

type Decision = (typeof DECISIONS)[number];
type Effect = (typeof EFFECTS_ON_KEY)[number];

interface DecideExceptionProps {
  readonly view: CeremonyView;
  readonly exception: ExceptionView;
  readonly onClose: () => void;
}

/** The exception sheet: decision, reason, effect on the key, who decided, who follows it up. */
export function DecideException({ view, exception, onClose }: DecideExceptionProps): ReactElement {
  const calls = useCalls();
  const words = text.trouble.decide;
  const [decision, setDecision] = useState<Decision | null>(null);
  const [effect, setEffect] = useState<Effect>('none');
  const [reason, setReason] = useState('');
  const [owner, setOwner] = useState('');
  const [decidedBy, setDecidedBy] = useState<readonly string[]>([]);
  const ready = decision !== null && reason.trim() !== '' && owner.trim() !== '' && decidedBy.length >= 2;
  const record = async (): Promise<void> => {
    if (decision === null) return;
    const sheet = {
      number: exception.number,
      decision,
      reason: reason.trim(),
      effectOnKey: effect,
      decidedBy: [...decidedBy],
      owner: owner.trim(),
    };
    if (await calls.submit({ type: 'decideException', ...sheet })) onClose();
  };
  return (
    <FormDialog
      title={words.title(exception.number)}
      hint={exception.happened}
      action={words.record}
      ready={ready}
      danger={decision === 'stop' || effect === 'destroy'}
      pending={calls.pending}
      failure={calls.failure}
      onAct={() => void record()}
      onClose={onClose}
    >
      <FormField label={words.decision}>
        <RadioGroup
          value={decision}
          items={exception.allowed.map((value) => ({ value, label: text.trouble.decisions[value] }))}
          onChange={({ detail }) => setDecision(detail.value as Decision)}
        />
      </FormField>
      <FormField label={words.effect}>
        <RadioGroup
          value={effect}
          direction="horizontal"
          items={Object.entries(text.trouble.effects).map(([value, label]) => ({ value, label }))}
          onChange={({ detail }) => setEffect(detail.value as Effect)}
        />
      </FormField>
      <FormField label={words.reason} stretch>
        <Textarea rows={2} value={reason} onChange={({ detail }) => setReason(detail.value)} />
      </FormField>
      <FormField label={words.owner}>
        <Input value={owner} autoComplete={false} onChange={({ detail }) => setOwner(detail.value)} />
      </FormField>
      <SeatTicks label={words.by} hint={words.byHint} seats={deciderSeats(view)} ticked={decidedBy} onChange={setDecidedBy} />
    </FormDialog>
  );
}
