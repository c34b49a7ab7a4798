import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import type { ReactElement } from 'react';
import { PARTITIONS } from '../../../core/contract/aws-regions';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { Expiration } from './expiration';
import type { PeoplePart } from './people-part';
import { problemOf, type ListField } from './preview';
import { RoleField } from './role-field';
import { ViaServices } from './via-services';
import styles from './policy.module.css';

const BEFORE_USERS: readonly ListField[] = ['administrators', 'operatorA', 'operatorB', 'deletionOfMaterial', 'users'];
const AFTER_USERS: readonly ListField[] = ['serviceGrants', 'auditors'];
const MOST = 40;

function Account({ people, problems, onChange }: PeoplePart): ReactElement {
  const words = text.policy;
  const partitions = PARTITIONS.map((value) => ({ value, label: words.partitions[value] }));
  const wrong = problemOf(problems, 'account');
  return (
    <div className={styles.fields}>
      <FormField
        label={words.accountLabel}
        description={words.accountHint}
        errorText={wrong === null || people.account === '' ? null : `${wrong.problem} ${wrong.remedy}`}
      >
        <Input
          value={people.account}
          inputMode="numeric"
          autoComplete={false}
          spellcheck={false}
          onChange={({ detail }) => onChange({ ...people, account: detail.value.trim().slice(0, 12) })}
        />
      </FormField>
      <FormField label={words.partition}>
        <Select
          options={partitions}
          selectedOption={partitions.find(({ value }) => value === people.partition) ?? null}
          onChange={({ detail }) => {
            const partition = PARTITIONS.find((each) => each === detail.selectedOption.value);
            if (partition !== undefined) onChange({ ...people, partition, usersVia: null });
          }}
        />
      </FormField>
    </div>
  );
}

/** The duties, one below the other, in the order of a key's life. */
export function PeopleForm({ people, problems, onChange }: PeoplePart): ReactElement {
  const example = `arn:${people.partition}:iam::${people.account === '' ? '111122223333' : people.account}:role/NAME`;
  const role = (field: ListField): ReactElement => (
    <RoleField
      key={field}
      {...{ field, example, problems }}
      arns={people[field]}
      most={MOST}
      onChange={(arns) => onChange({ ...people, [field]: arns })}
    />
  );
  return (
    <Panel title={text.policy.account}>
      <div className={styles.form}>
        <Account {...{ people, problems, onChange }} />
        {BEFORE_USERS.map(role)}
        <ViaServices {...{ people, problems, onChange }} />
        {AFTER_USERS.map(role)}
        <RoleField
          field="breakGlass"
          {...{ example, problems }}
          arns={people.breakGlass === null ? [] : [people.breakGlass]}
          most={1}
          onChange={([breakGlass = null]) => onChange({ ...people, breakGlass })}
        />
        <Expiration {...{ people, onChange }} />
      </div>
    </Panel>
  );
}
