import Alert from '@cloudscape-design/components/alert';
import type { ReactElement } from 'react';
import type { CeremonyChoice } from '../../../core/contract/values';
import { Facts } from '../../parts/facts';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { forbidden, type StartDraft } from './draft';
import { InputField } from './input-field';
import { groupInputs, isFixed } from './input-groups';
import styles from './start.module.css';

interface InputFieldsProps {
  readonly choice: CeremonyChoice;
  readonly draft: StartDraft;
  readonly onChange: (draft: StartDraft) => void;
}

/** What the script wants to know, in groups where it is much; why what was chosen is not offered together; and what is fixed. */
export function InputFields({ choice, draft, onChange }: InputFieldsProps): ReactElement | null {
  if (choice.inputs.length === 0) return null;
  const because = forbidden(choice, draft);
  const fixed = choice.inputs.filter(isFixed);
  return (
    <Panel title={text.start.inputs}>
      <div className={styles.groups}>
        {groupInputs(choice.inputs).map(({ group, inputs }) => (
          <div key={group} role="group" aria-label={group === null ? text.start.inputs : text.start.groups[group]}>
            {group === null ? null : <h3 className={styles.group}>{text.start.groups[group]}</h3>}
            <div className={styles.fields}>
              {inputs.map((input) => (
                <InputField
                  key={input.name}
                  input={input}
                  value={draft.inputs[input.name] ?? ''}
                  onChange={(value) => onChange({ ...draft, inputs: { ...draft.inputs, [input.name]: value } })}
                />
              ))}
            </div>
          </div>
        ))}
        {because === null ? null : <Alert type="warning">{because}</Alert>}
        {fixed.length === 0 ? null : (
          <div>
            <h3 className={styles.group}>{text.start.fixed}</h3>
            <Facts facts={fixed.map(({ title, options }) => ({ name: title, value: options?.[0]?.title ?? '' }))} />
          </div>
        )}
      </div>
    </Panel>
  );
}
