import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import type { ReactElement } from 'react';
import type { CeremonyInput } from '../../../core/contract/values';
import { text } from '../../text/text';
import { inputFits } from './draft';

interface FieldProps {
  readonly input: CeremonyInput;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** Picked where the script lists the values, typed against the script's pattern where it does not. */
export function InputField(props: FieldProps): ReactElement {
  return props.input.options === null ? <Typed {...props} /> : <Picked {...props} options={props.input.options} />;
}

function Typed({ input, value, onChange }: FieldProps): ReactElement {
  const isWrong = value !== '' && !inputFits(input, value);
  return (
    <FormField
      label={input.title}
      description={input.hint}
      constraintText={value === '' ? text.shell.required : null}
      errorText={isWrong ? text.start.pattern : null}
    >
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

function Picked({ input, value, options, onChange }: FieldProps & { readonly options: NonNullable<CeremonyInput['options']> }) {
  const choices = options.map((option) => ({ value: option.value, label: option.title }));
  return (
    <FormField label={input.title} description={input.hint}>
      <Select
        options={choices}
        selectedOption={choices.find((option) => option.value === value) ?? null}
        placeholder={text.shell.choose}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}
