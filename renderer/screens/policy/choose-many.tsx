import FormField from '@cloudscape-design/components/form-field';
import Multiselect from '@cloudscape-design/components/multiselect';
import type { ReactElement } from 'react';
import { text } from '../../text/text';

interface ChooseManyProps {
  readonly label: string;
  readonly hint?: string;
  readonly wrong?: string | null;
  readonly placeholder?: string;
  readonly values: readonly string[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Several of a known list, by AWS's own names: picked, never typed. */
export function ChooseMany({ label, hint, wrong = null, placeholder, values, chosen, onChange }: ChooseManyProps): ReactElement {
  const options = [...new Set([...values, ...chosen])].map((value) => ({ value, label: value }));
  return (
    <FormField label={label} {...(hint === undefined ? {} : { description: hint })} errorText={wrong}>
      <Multiselect
        options={options}
        selectedOptions={options.filter(({ value }) => chosen.includes(value))}
        filteringType="auto"
        keepOpen
        placeholder={chosen.length === 0 ? (placeholder ?? text.shell.choose) : text.policy.chosen(chosen.length)}
        deselectAriaLabel={({ label: name }) => `${text.policy.remove(label, 1)}: ${name ?? ''}`}
        onChange={({ detail }) => onChange(detail.selectedOptions.flatMap(({ value }) => value ?? []))}
      />
    </FormField>
  );
}
