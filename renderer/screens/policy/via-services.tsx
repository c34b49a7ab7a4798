import Checkbox from '@cloudscape-design/components/checkbox';
import type { ReactElement } from 'react';
import { AWS_REGIONS, VIA_SERVICES } from '../../../core/contract/aws-regions';
import { text } from '../../text/text';
import { ChooseMany } from './choose-many';
import type { PeoplePart } from './people-part';
import { problemOf } from './preview';
import styles from './policy.module.css';

/** Users who never call KMS themselves. */
export function ViaServices({ people, problems, onChange }: PeoplePart): ReactElement {
  const words = text.policy;
  const { usersVia, partition } = people;
  const wrong = problemOf(problems, 'usersVia');
  return (
    <div className={styles.role}>
      <Checkbox
        checked={usersVia !== null}
        description={words.viaHint}
        onChange={({ detail }) => onChange({ ...people, usersVia: detail.checked ? { services: [], regions: [] } : null })}
      >
        {words.via}
      </Checkbox>
      {usersVia === null ? null : (
        <div className={styles.fields}>
          <ChooseMany
            label={words.viaServices}
            wrong={wrong === null ? null : `${wrong.problem} ${wrong.remedy}`}
            values={VIA_SERVICES}
            chosen={usersVia.services}
            onChange={(services) => onChange({ ...people, usersVia: { ...usersVia, services: [...services] } })}
          />
          <ChooseMany
            label={words.viaRegions}
            values={AWS_REGIONS[partition]}
            chosen={usersVia.regions}
            onChange={(regions) => onChange({ ...people, usersVia: { ...usersVia, regions: [...regions] } })}
          />
        </div>
      )}
    </div>
  );
}
