import Alert from '@cloudscape-design/components/alert';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import type { ReactElement } from 'react';
import type { CeremonyChoice, CeremonyInput } from '../../../core/contract/values';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { forbidden, inputFits, type StartDraft } from './draft';
import styles from './start.module.css';

interface FieldProps {
  readonly input: CeremonyInput;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Picked where the script lists the values, typed against the script's pattern where it does not. */
function Field({ input, value, onChange }: FieldProps): ReactElement {
  const wrong = value !== '' && !inputFits(input, value);
  if (input.options === null) {
    return (
      <FormField label={input.title} description={input.hint} errorText={wrong ? text.start.pattern : null}>
        <Input
          value={value}
          autoComplete={false}
          disableBrowserAutocorrect
          spellcheck={false}
          onChange={({ detail }) => onChange(detail.value)}
        />
      </FormField>
    );
  }
  const options = input.options.map((option) => ({ value: option.value, label: option.title }));
  return (
    <FormField label={input.title} description={input.hint}>
      <Select
        options={options}
        selectedOption={options.find((option) => option.value === value) ?? null}
        placeholder={text.shell.choose}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}

interface InputFieldsProps {
  readonly choice: CeremonyChoice;
  readonly draft: StartDraft;
  readonly onChange: (draft: StartDraft) => void;
}

export function InputFields({ choice, draft, onChange }: InputFieldsProps): ReactElement | null {
  if (choice.inputs.length === 0) return null;
  const because = forbidden(choice, draft);
  return (
    <Panel title={text.start.inputs}>
      <div className={styles.fields}>
        {choice.inputs.map((input) => (
          <Field
            key={input.name}
            input={input}
            value={draft.inputs[input.name] ?? ''}
            onChange={(value) => onChange({ ...draft, inputs: { ...draft.inputs, [input.name]: value } })}
          />
        ))}
      </div>
      {because === null ? null : (
        <div className={styles.word}>
          <Alert type="warning">{because}</Alert>
        </div>
      )}
    </Panel>
  );
}
