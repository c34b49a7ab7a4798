import RadioGroup from '@cloudscape-design/components/radio-group';
import type { ReactElement } from 'react';
import type { CeremonyChoice } from '../../../core/contract/values';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';

interface ScriptChoiceProps {
  readonly choices: readonly CeremonyChoice[];
  readonly chosen: CeremonyChoice;
  readonly onChange: (choice: CeremonyChoice) => void;
}

export function ScriptChoice({ choices, chosen, onChange }: ScriptChoiceProps): ReactElement {
  const items = choices.map((choice) => ({
    value: choice.script,
    label: choice.title,
    description: `${choice.summary} ${text.start.scriptFacts(choice.steps, choice.estimateMinutes)}.`,
  }));
  const pick = (script: string): void => {
    const next = choices.find((choice) => choice.script === script);
    if (next !== undefined) onChange(next);
  };
  return (
    <Panel title={text.start.script}>
      <RadioGroup
        ariaLabel={text.start.script}
        items={items}
        value={chosen.script}
        onChange={({ detail }) => pick(detail.value)}
      />
    </Panel>
  );
}
