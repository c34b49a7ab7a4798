import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import type { ReactElement } from 'react';
import { PRODUCTION_WORD } from '../../../core/contract/fixed-words';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import type { StartDraft } from './draft';
import styles from './start.module.css';

/** Rehearsal unless somebody says otherwise, and then by a word typed out. */
export function ModeChoice({
  draft,
  onChange,
}: {
  readonly draft: StartDraft;
  readonly onChange: (draft: StartDraft) => void;
}): ReactElement {
  const pick = (value: string): void =>
    onChange({ ...draft, typed: '', runMode: value === 'production' ? 'production' : 'rehearsal' });
  return (
    <Panel title={text.start.mode}>
      <RadioGroup
        ariaLabel={text.start.mode}
        value={draft.runMode}
        onChange={({ detail }) => pick(detail.value)}
        items={[
          { value: 'rehearsal', label: text.start.rehearsal, description: text.start.rehearsalHint },
          { value: 'production', label: text.start.production, description: text.start.productionHint },
        ]}
      />
      {draft.runMode === 'rehearsal' ? null : (
        <div className={styles.word}>
          <FormField label={text.start.typeWord(PRODUCTION_WORD)} description={text.start.typeWordHint}>
            <Input
              value={draft.typed}
              autoComplete={false}
              disableBrowserAutocorrect
              spellcheck={false}
              onChange={({ detail }) => onChange({ ...draft, typed: detail.value })}
            />
          </FormField>
        </div>
      )}
    </Panel>
  );
}
