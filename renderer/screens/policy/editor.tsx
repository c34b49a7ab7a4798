import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { PolicyAgainst, SavedPeople } from '../../../core/contract/key-policy';
import { announce } from '../../announce';
import { useAsk, type Ask } from '../../ask';
import { bridge } from '../../bridge-client';
import { CodeBlock } from '../../parts/code-block';
import { FailureAlert } from '../../parts/failure-alert';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { Compare } from './compare';
import { Judged } from './judged';
import { KeyForm } from './key-form';
import { PeopleForm } from './people-form';
import { usePreview, withoutBlanks, type PolicyDraft } from './preview';
import { Verdict } from './verdict';
import styles from './policy.module.css';

interface EditorProps {
  readonly draft: PolicyDraft;
  readonly known: SavedPeople;
  readonly kmsKey: Extract<PolicyAgainst, { what: 'kmsKey' }> | null;
  readonly file: string | null;
  readonly onChange: (draft: PolicyDraft) => void;
  readonly onSaved: (known: SavedPeople) => void;
}

interface KeepProps {
  readonly ask: Ask;
  readonly state: 'isSaved' | 'unsaved' | 'isNew';
  readonly canExport: boolean;
  readonly onSave: () => void;
  readonly onExport: () => void;
}

/** Always in sight: is what is seen also what the next ceremony takes? */
function Keep({ ask, state, canExport, onSave, onExport }: KeepProps): ReactElement {
  const words = text.policy;
  return (
    <div className={styles.keep}>
      <Button variant="primary" disabled={state === 'isSaved'} loading={ask.pending} onClick={onSave}>
        {words.save}
      </Button>
      <Button disabled={!canExport || ask.pending} onClick={onExport}>
        {words.export}
      </Button>
      <Mark kind={state === 'isSaved' ? 'good' : state === 'unsaved' ? 'warning' : 'info'}>{words[state]}</Mark>
      <FailureAlert failure={ask.failure} />
    </div>
  );
}

/** The form on one side, what it makes on the other; below, in full width, what is said of it. */
export function Editor({ draft, known, kmsKey, file, onChange, onSaved }: EditorProps): ReactElement {
  const words = text.policy;
  const ask = useAsk();
  const shown = usePreview(draft);
  const people = withoutBlanks(draft.people);
  const isChanged = JSON.stringify(people) !== JSON.stringify(known.people);
  const judged = shown.preview?.judged ?? null;
  const save = async (): Promise<void> => {
    const answer = await ask.run(() => bridge.keyPolicy.setPeople(people));
    if (answer === null) return;
    onSaved(answer.value);
    announce(words.saved);
  };
  const write = async (): Promise<void> => {
    const answer = await ask.run(() => bridge.keyPolicy.exportPolicy({ people, key: draft.key }));
    if (answer !== null) announce(words.exported(answer.value.name));
  };
  return (
    <div className={styles.editor}>
      <div className={styles.sides}>
        <div className={styles.side}>
          <PeopleForm
            people={draft.people}
            problems={shown.preview?.problems ?? []}
            onChange={(next) => onChange({ ...draft, people: next })}
          />
          <KeyForm draft={draft} onChange={onChange} />
        </div>
        <div className={`${styles.side ?? ''} ${styles.result ?? ''}`}>
          <Panel title={words.keep}>
            <Keep
              ask={ask}
              state={isChanged ? 'unsaved' : known.saved ? 'isSaved' : 'isNew'}
              canExport={judged !== null && !shown.pending}
              onSave={() => void save()}
              onExport={() => void write()}
            />
            <p className={styles.soft}>{words.rehearsalNote}</p>
          </Panel>
          <Verdict {...shown} />
          {judged === null ? null : (
            <Panel title={words.json}>
              <CodeBlock title={words.jsonText} code={judged.text} isProjected={false} />
            </Panel>
          )}
        </div>
      </div>
      <Compare {...{ kmsKey, file, judged }} against={draft.against} onChange={(against) => onChange({ ...draft, against })} />
      {judged === null ? null : <Judged judged={judged} />}
    </div>
  );
}
