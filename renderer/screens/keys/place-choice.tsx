import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import type { ReactElement } from 'react';
import type { KmsPlaces } from '../../../core/contract/kms-values';
import { text } from '../../text/text';
import styles from './keys.module.css';
import type { KmsPlace } from './read-kms';

interface PlaceChoiceProps {
  readonly places: KmsPlaces;
  readonly place: KmsPlace;
  readonly onChange: (place: KmsPlace) => void;
}

/** Practice or AWS, and the Region: both picked, never typed. */
export function PlaceChoice({ places, place, onChange }: PlaceChoiceProps): ReactElement {
  const words = text.kms.places;
  const regions = places[place.runMode].regions.map((region) => ({ value: region, label: region }));
  return (
    <div className={styles.place}>
      <RadioGroup
        ariaLabel={text.kms.place}
        value={place.runMode}
        items={[
          {
            value: 'rehearsal',
            label: words.rehearsal,
            description: places.rehearsal.embedded ? words.rehearsalHint : words.rehearsalAws,
          },
          { value: 'production', label: words.production, description: words.productionHint },
        ]}
        onChange={({ detail }) => onChange({ ...place, runMode: detail.value === 'production' ? 'production' : 'rehearsal' })}
      />
      <FormField label={text.kms.region}>
        <Select
          options={regions}
          selectedOption={regions.find(({ value }) => value === place.region) ?? null}
          filteringType={regions.length > 10 ? 'auto' : 'none'}
          onChange={({ detail }) => onChange({ ...place, region: detail.selectedOption.value ?? place.region })}
        />
      </FormField>
    </div>
  );
}
