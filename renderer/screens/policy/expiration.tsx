import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import type { ReactElement } from 'react';
import { text } from '../../text/text';
import type { PeoplePart } from './people-part';
import styles from './policy.module.css';

const DAYS = [7, 30, 90, 180, 365];

/** What every import has to say about expiry: two radio buttons and a list, because KMS's own default is to expire. */
export function Expiration({ people, onChange }: Omit<PeoplePart, 'problems'>): ReactElement {
  const words = text.policy;
  const { expiration } = people;
  const known = expiration.model === 'expires' && !DAYS.includes(expiration.withinDays) ? [expiration.withinDays, ...DAYS] : DAYS;
  const options = known.map((days) => ({ value: String(days), label: words.daysOf(days) }));
  return (
    <div className={styles.role} role="group" aria-label={words.expiration}>
      <h3>{words.expiration}</h3>
      <RadioGroup
        ariaLabel={words.expiration}
        value={expiration.model}
        items={[
          { value: 'never', label: words.expirations.never },
          { value: 'expires', label: words.expirations.expires },
        ]}
        onChange={({ detail }) =>
          onChange({
            ...people,
            expiration: detail.value === 'expires' ? { model: 'expires', withinDays: 365 } : { model: 'never' },
          })
        }
      />
      {expiration.model === 'never' ? null : (
        <FormField label={words.withinDays} description={words.withinDaysHint}>
          <Select
            options={options}
            selectedOption={options.find(({ value }) => value === String(expiration.withinDays)) ?? null}
            onChange={({ detail }) =>
              onChange({ ...people, expiration: { model: 'expires', withinDays: Number(detail.selectedOption.value) } })
            }
          />
        </FormField>
      )}
    </div>
  );
}
