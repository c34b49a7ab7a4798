import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import type { ReactElement } from 'react';
import { Mark } from '../../../parts/mark';
import { text } from '../../../text/text';
import styles from './form.module.css';

/** The text that arms an erasing act, shown in full and typed in full. */
export function TypedField({
  wanted,
  typed,
  onChange,
}: {
  readonly wanted: string;
  readonly typed: string;
  readonly onChange: (typed: string) => void;
}): ReactElement {
  return (
    <>
      <Mark kind="warning">{text.beat.typeExactly}</Mark>
      <p className={styles.value}>{wanted}</p>
      <div className={styles.field}>
        <FormField label={text.beat.typed} stretch>
          <Input
            value={typed}
            autoComplete={false}
            disableBrowserAutocorrect
            spellcheck={false}
            nativeInputAttributes={{ 'data-shortcut': 'D', 'data-next': '' }}
            onChange={({ detail }) => onChange(detail.value)}
          />
        </FormField>
      </div>
    </>
  );
}
