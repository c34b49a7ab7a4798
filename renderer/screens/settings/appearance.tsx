import RadioGroup from '@cloudscape-design/components/radio-group';
import type { ReactElement } from 'react';
import type { Settings } from '../../../core/contract/values';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { useSave } from './save';

const CHOICES: readonly Settings['appearance'][] = ['system', 'light', 'dark'];

export function Appearance({ settings }: { readonly settings: Settings }): ReactElement {
  const { ask, save } = useSave();
  const pick = (value: string): void => {
    const appearance = CHOICES.find((choice) => choice === value);
    if (appearance !== undefined) void save(() => bridge.settings.setAppearance({ appearance }));
  };
  return (
    <Panel title={text.settings.appearance}>
      <RadioGroup
        ariaLabel={text.settings.appearance}
        direction="horizontal"
        value={settings.appearance}
        items={CHOICES.map((value) => ({ value, label: text.settings[value] }))}
        onChange={({ detail }) => pick(detail.value)}
      />
      <FailureAlert failure={ask.failure} />
    </Panel>
  );
}
