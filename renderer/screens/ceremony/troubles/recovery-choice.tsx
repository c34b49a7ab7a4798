import Button from '@cloudscape-design/components/button';
import RadioGroup from '@cloudscape-design/components/radio-group';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState, type ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { DwellButton } from '../../../parts/dwell-button';
import { FailureAlert } from '../../../parts/failure-alert';
import { SeatTicks } from '../../../parts/seat-ticks';
import { useShownCode } from '../../../parts/shown-code';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import { deciderSeats } from './deciders';
import type { lookOf } from './look-of';

type Choice = NonNullable<CeremonyView['recovery']>['choices'][number];

interface RecoveryChoiceProps {
  readonly view: CeremonyView;
  readonly choices: readonly Choice[];
  readonly hits: number;
  readonly look: ReturnType<typeof lookOf>;
}

/** What was found of the act, and the people's decision about it. */
export function RecoveryChoice({ view, choices, hits, look }: RecoveryChoiceProps): ReactElement {
  const calls = useCalls();
  const words = text.trouble.recovery;
  const choiceHints = { ...words.choiceHints, redo: look.redo };
  const [choice, setChoice] = useState<Choice | null>(null);
  const [decidedBy, setDecidedBy] = useState<readonly string[]>([]);
  const code = useShownCode();
  const ready = choice !== null && decidedBy.length >= 2;
  const decide = (): void => {
    if (choice !== null) void calls.submit({ type: 'recover', choice, decidedBy: [...decidedBy] });
  };
  return (
    <>
      <StatusIndicator type={hits === 1 ? 'success' : hits === 0 ? 'info' : 'error'}>{look.hits(hits)}</StatusIndicator>
      <RadioGroup
        ariaLabel={words.title}
        value={choice}
        items={choices.map((value) => ({ value, label: words.choices[value], description: choiceHints[value] }))}
        onChange={({ detail }) => setChoice(detail.value as Choice)}
      />
      <SeatTicks
        label={words.by}
        hint={text.trouble.decide.byHint}
        seats={deciderSeats(view)}
        ticked={decidedBy}
        onChange={setDecidedBy}
      />
      {choice === null || choice === 'adopt' ? (
        <div>
          <Button variant="primary" disabled={!ready} loading={calls.pending} onClick={decide}>
            {text.trouble.decide.record}
          </Button>
        </div>
      ) : (
        <>
          {code.field}
          <div>
            <DwellButton label={words.choices[choice]} armed={ready && code.matches} pending={calls.pending} onPress={decide} />
          </div>
        </>
      )}
      <FailureAlert failure={calls.failure} />
    </>
  );
}
