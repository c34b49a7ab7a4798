import FormField from '@cloudscape-design/components/form-field';
import Select from '@cloudscape-design/components/select';
import type { ReactElement } from 'react';
import { AWS_REGIONS } from '../../../core/contract/aws-regions';
import type { PolicyKey } from '../../../core/contract/key-policy';
import { IMPORTABLE_SPECS, usagesOf } from '../../../core/keys/kms-spec';
import { legalWrappings, type Wrapping } from '../../../core/keys/wrapping';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { ChooseMany } from './choose-many';
import { callerOf, withoutBlanks, type PolicyDraft } from './preview';
import styles from './policy.module.css';

interface PickProps {
  readonly label: string;
  readonly hint?: string;
  readonly values: readonly string[];
  readonly chosen: string | null;
  readonly empty?: string;
  readonly onChange: (value: string) => void;
}

function Pick({ label, hint, values, chosen, empty, onChange }: PickProps): ReactElement {
  const options = values.map((value) => ({ value, label: value }));
  return (
    <FormField label={label} {...(hint === undefined ? {} : { description: hint })}>
      <Select
        options={options}
        selectedOption={options.find(({ value }) => value === chosen) ?? null}
        placeholder={empty ?? text.shell.choose}
        disabled={options.length === 0}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}

/** Another spec has other usages and wrappings: what does not go with it gives way to the best that does. */
export function withSpec(key: PolicyKey, spec: PolicyKey['spec']): PolicyKey {
  const usages = usagesOf(spec);
  const [best = key.wrapping] = legalWrappings(spec);
  const isLegal = legalWrappings(spec).some((legal) => isSame(legal, key.wrapping));
  return {
    ...key,
    spec,
    usage: usages.includes(key.usage) ? key.usage : (usages[0] ?? key.usage),
    wrapping: isLegal ? key.wrapping : best,
  };
}

function isSame(one: Wrapping, other: Wrapping): boolean {
  return one.algorithm === other.algorithm && one.wrappingKeySpec === other.wrappingKeySpec;
}

function WrappingFields({
  keyOf,
  onChange,
}: {
  readonly keyOf: PolicyKey;
  readonly onChange: (key: PolicyKey) => void;
}): ReactElement {
  const words = text.policy;
  const legal = legalWrappings(keyOf.spec);
  const choose = (fits: (wrapping: Wrapping) => boolean): void => {
    const wrapping =
      legal.find((each) => fits(each) && each.wrappingKeySpec === keyOf.wrapping.wrappingKeySpec) ?? legal.find(fits);
    if (wrapping !== undefined) onChange({ ...keyOf, wrapping });
  };
  return (
    <>
      <Pick
        label={words.wrapping}
        values={[...new Set(legal.map(({ algorithm }) => algorithm))]}
        chosen={keyOf.wrapping.algorithm}
        onChange={(value) => choose(({ algorithm }) => algorithm === value)}
      />
      <Pick
        label={words.wrappingKey}
        values={legal
          .filter(({ algorithm }) => algorithm === keyOf.wrapping.algorithm)
          .map(({ wrappingKeySpec }) => wrappingKeySpec)}
        chosen={keyOf.wrapping.wrappingKeySpec}
        onChange={(value) =>
          choose(({ algorithm, wrappingKeySpec }) => algorithm === keyOf.wrapping.algorithm && wrappingKeySpec === value)
        }
      />
    </>
  );
}

interface KeyFormProps {
  readonly draft: PolicyDraft;
  readonly onChange: (draft: PolicyDraft) => void;
}

/** The key that the policy is looked at for, and whoever would put it. */
export function KeyForm({ draft, onChange }: KeyFormProps): ReactElement {
  const words = text.policy;
  const { key, people } = draft;
  const change = (next: PolicyKey): void => onChange({ ...draft, key: next });
  return (
    <Panel title={words.key}>
      <p className={styles.soft}>{words.keyHint}</p>
      <div className={styles.fields}>
        <Pick
          label={words.spec}
          values={IMPORTABLE_SPECS}
          chosen={key.spec}
          onChange={(value) => {
            const spec = IMPORTABLE_SPECS.find((each) => each === value);
            if (spec !== undefined) change(withSpec(key, spec));
          }}
        />
        <Pick
          label={words.usage}
          values={usagesOf(key.spec)}
          chosen={key.usage}
          onChange={(value) => change({ ...key, usage: usagesOf(key.spec).find((each) => each === value) ?? key.usage })}
        />
        <WrappingFields keyOf={key} onChange={change} />
        <ChooseMany
          label={words.replicas}
          placeholder={words.replicasNone}
          values={AWS_REGIONS[people.partition]}
          chosen={key.replicaRegions}
          onChange={(replicaRegions) => change({ ...key, replicaRegions: [...replicaRegions] })}
        />
        <Pick
          label={words.caller}
          hint={words.callerHint}
          values={withoutBlanks(people).administrators}
          chosen={callerOf(draft)}
          empty={words.noCaller}
          onChange={(caller) => onChange({ ...draft, caller })}
        />
      </div>
    </Panel>
  );
}
