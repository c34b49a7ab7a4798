import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import type { ReactElement } from 'react';
import type { JudgedPolicy, PolicyAgainst } from '../../../core/contract/key-policy';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { Changes } from './changes';
import styles from './policy.module.css';

interface CompareProps {
  /** the KMS key the screen was opened from, or null */
  readonly kmsKey: Extract<PolicyAgainst, { what: 'kmsKey' }> | null;
  /** name of the file that was read, or null */
  readonly file: string | null;
  readonly against: PolicyAgainst;
  readonly judged: JudgedPolicy | null;
  readonly onChange: (against: PolicyAgainst) => void;
}

/** What the policy is compared with, and what would change. Nothing to choose from: nothing is shown. */
export function Compare({ kmsKey, file, against, judged, onChange }: CompareProps): ReactElement | null {
  const words = text.policy;
  if (kmsKey === null && file === null) return null;
  const items = [
    { value: 'nothing', label: words.againstNothing },
    ...(kmsKey === null ? [] : [{ value: 'kmsKey', label: words.againstKey(kmsKey.keyId) }]),
    ...(file === null ? [] : [{ value: 'file', label: words.againstFile(file) }]),
  ];
  const choose = (what: string): void => {
    if (what === 'kmsKey' && kmsKey !== null) onChange(kmsKey);
    else onChange({ what: what === 'file' ? 'file' : 'nothing' });
  };
  return (
    <Panel title={words.changes}>
      <div className={styles.changes}>
        <FormField label={words.against}>
          <RadioGroup
            ariaLabel={words.against}
            value={against.what}
            items={items}
            onChange={({ detail }) => choose(detail.value)}
          />
        </FormField>
        {judged?.changes === null || judged === null ? null : <Changes changes={judged.changes} />}
      </div>
    </Panel>
  );
}
