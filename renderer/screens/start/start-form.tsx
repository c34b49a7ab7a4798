import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { CeremonyChoice } from '../../../core/contract/values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { DwellButton } from '../../parts/dwell-button';
import { FailureAlert } from '../../parts/failure-alert';
import { go } from '../../route';
import { receive, useOfficers } from '../../snapshots';
import { text } from '../../text/text';
import { forbidden, missingIn, unfilled, type Missing, type StartDraft } from './draft';
import { InputFields } from './input-fields';
import { ModeChoice } from './mode-choice';
import { Seats } from './seats';
import styles from './start.module.css';
import { Summary } from './summary';

interface StartFormProps {
  readonly choice: CeremonyChoice;
  readonly draft: StartDraft;
  readonly onChange: (draft: StartDraft) => void;
}

export function StartForm({ choice, draft, onChange }: StartFormProps): ReactElement {
  const officers = useOfficers() ?? [];
  const ask = useAsk();
  const missing = missingIn(choice, draft, officers);
  const begin = async (): Promise<void> => {
    const answer = await ask.run(() => bridge.ceremony.start(draft));
    if (answer === null) return;
    receive('ceremony.changed', answer.value);
    go('ceremony');
  };
  return (
    <>
      <InputFields choice={choice} draft={draft} onChange={onChange} />
      <Seats choice={choice} draft={draft} officers={officers} onChange={onChange} />
      <ModeChoice draft={draft} onChange={onChange} />
      <Summary choice={choice} draft={draft} />
      <FailureAlert failure={ask.failure} />
      <div className={styles.begin}>
        {draft.runMode === 'production' ? (
          <DwellButton label={text.start.begin} armed={missing === null} pending={ask.pending} onPress={() => void begin()} />
        ) : (
          <Button variant="primary" disabled={missing !== null} loading={ask.pending} onClick={() => void begin()}>
            {text.start.begin}
          </Button>
        )}
        {missing === null ? null : <span className={styles.missing}>{whatIsMissing(missing, choice, draft)}</span>}
      </div>
    </>
  );
}

/** Said beside the button, by name where that helps: what it is about may be two screens further up. */
function whatIsMissing(missing: Missing, choice: CeremonyChoice, draft: StartDraft): string {
  const words = text.start.missing[missing];
  if (missing === 'inputs') return text.start.missingInputs(unfilled(choice, draft.inputs).join(', '));
  return missing === 'combination' ? `${words} ${forbidden(choice, draft) ?? ''}` : words;
}
