import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import type { ReactElement } from 'react';
import type { ProfileSummary } from '../../../core/contract/values';
import { text } from '../../text/text';

interface ProfileChoiceProps {
  readonly profiles: readonly ProfileSummary[];
  readonly chosen: string;
  readonly onChange: (profile: string) => void;
}

export function ProfileChoice({ profiles, chosen, onChange }: ProfileChoiceProps): ReactElement {
  const options = profiles.map((profile) => ({
    value: profile.id,
    label: profile.title,
    description: profile.found === '' ? text.settings.notFound : profile.found,
    ...(profile.rehearsalOnly ? { labelTag: text.settings.rehearsalOnly } : {}),
  }));
  return (
    <FormField label={text.settings.profileLabel} description={text.settings.profileHint}>
      <Select
        options={options}
        selectedOption={options.find((option) => option.value === chosen) ?? null}
        placeholder={text.shell.choose}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? chosen)}
      />
    </FormField>
  );
}
