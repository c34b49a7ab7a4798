import type { ReactElement } from 'react';
import type { CeremonyChoice } from '../../../core/contract/values';
import { Facts } from '../../parts/facts';
import { DigestRows } from '../../parts/fingerprint';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import type { StartDraft } from './draft';
import styles from './start.module.css';

/** The last look: what will run, and the digest to compare with the paper. */
export function Summary({ choice, draft }: { readonly choice: CeremonyChoice; readonly draft: StartDraft }): ReactElement {
  const inputs = choice.inputs.map((input) => {
    const value = draft.inputs[input.name] ?? '';
    return { name: input.title, value: input.options?.find((option) => option.value === value)?.title ?? value };
  });
  const facts = [
    { name: text.start.script, value: choice.title },
    { name: text.start.mode, value: text.start[draft.runMode] },
    { name: text.stage.time, value: text.start.scriptFacts(choice.steps, choice.estimateMinutes) },
    ...inputs,
  ];
  return (
    <Panel title={text.start.summary}>
      <p className={styles.hint}>{text.start.summaryHint}</p>
      <div className={styles.summary}>
        <Facts facts={facts} />
        <DigestRows label={text.start.digest} digest={choice.sha256} />
      </div>
    </Panel>
  );
}
