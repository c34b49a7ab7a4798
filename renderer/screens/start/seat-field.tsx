import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import type { ReactElement } from 'react';
import type { OfficerSummary } from '../../../core/contract/values';
import { text } from '../../text/text';
import type { SeatChoice } from './draft';

interface SeatFieldProps {
  readonly seat: SeatChoice;
  readonly needed: boolean;
  readonly conflict: SeatChoice | null;
  readonly officers: readonly OfficerSummary[];
  readonly chosen: string | null;
  readonly onChange: (officer: string | null) => void;
}

export function SeatField({ seat, needed, conflict, officers, chosen, onChange }: SeatFieldProps): ReactElement {
  const nobody = { value: '', label: text.start.nobody };
  const people = officers.map((officer) => ({
    value: officer.id,
    label: officer.name,
    description: officer.words,
    ...(officer.rehearsal ? { labelTag: text.officers.isPractice } : {}),
  }));
  const label = `${seat.seat} - ${seat.title}${needed ? '' : ` (${text.start.optional})`}`;
  return (
    <FormField label={label} errorText={conflict === null ? null : text.start.conflict(conflict.seat)}>
      <Select
        options={[nobody, ...people]}
        selectedOption={people.find((person) => person.value === chosen) ?? nobody}
        onChange={({ detail }) => onChange(detail.selectedOption.value === '' ? null : (detail.selectedOption.value ?? null))}
      />
    </FormField>
  );
}
