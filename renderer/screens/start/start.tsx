import Alert from '@cloudscape-design/components/alert';
import { useEffect, useState, type ReactElement } from 'react';
import type { CeremonyChoice } from '../../../core/contract/values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Page } from '../../parts/page';
import { text } from '../../text/text';
import { given } from '../../route';
import { draftOf, type StartDraft } from './draft';
import { draftFrom } from './draft-from';
import { ScriptChoice } from './script-choice';
import { StartForm } from './start-form';

/** The ceremony that a station begins with: it needs nothing but a token. Whoever comes new and chooses nothing gets this one. */
const FIRST = 'hsm-key';

function firstOnTop(choices: readonly CeremonyChoice[]): readonly CeremonyChoice[] {
  return choices.toSorted((a, b) => Number(b.script === FIRST) - Number(a.script === FIRST));
}

function useChoices(): { readonly choices: readonly CeremonyChoice[] | null; readonly ask: ReturnType<typeof useAsk> } {
  const [choices, setChoices] = useState<readonly CeremonyChoice[] | null>(null);
  const ask = useAsk();
  const { run } = ask;
  useEffect(() => {
    void run(() => bridge.ceremony.choices()).then((answer) => {
      if (answer !== null) setChoices(firstOnTop(answer.value));
    });
  }, [run]);
  return { choices, ask };
}

/** From a reviewed script to a ceremony on the stage: script, inputs, seats, mode, digest. */
export default function Start(): ReactElement {
  const { choices, ask } = useChoices();
  const [draft, setDraft] = useState<StartDraft | null>(null);
  const [begun] = useState(given);
  const first = choices?.[0];
  const wanted = begun['script'] ?? '';
  const isMissing = draft === null && wanted !== '' && choices?.every(({ script }) => script !== wanted) === true;
  const current = draft ?? draftFrom(choices ?? [], begun) ?? (first === undefined ? null : draftOf(first));
  const choice = choices?.find((each) => each.script === current?.script);
  return (
    <Page title={text.start.title}>
      <FailureAlert failure={ask.failure} />
      {choices?.length === 0 ? <p>{text.start.noScripts}</p> : null}
      {isMissing ? <Alert type="warning">{text.start.notHere(wanted)}</Alert> : null}
      {choices === null || choice === undefined || current === null ? null : (
        <>
          <ScriptChoice choices={choices} chosen={choice} onChange={(next) => setDraft(draftOf(next))} />
          <StartForm key={choice.script} choice={choice} draft={current} onChange={setDraft} />
        </>
      )}
    </Page>
  );
}
