import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useEffect, useState, type ReactElement } from 'react';
import type { PickedPolicy, PolicyAgainst, PolicyKey, SavedPeople } from '../../../core/contract/key-policy';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Page } from '../../parts/page';
import { given, go } from '../../route';
import { text } from '../../text/text';
import { Editor } from './editor';
import { PolicyFile } from './policy-file';
import type { PolicyDraft } from './preview';

const FIRST_KEY: PolicyKey = {
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
  replicaRegions: [],
};

/** The KMS key this screen was opened from. */
function keyGiven(): Extract<PolicyAgainst, { what: 'kmsKey' }> | null {
  const { keyId = '', region = '', runMode = '' } = given();
  if (keyId === '' || region === '') return null;
  return { what: 'kmsKey', keyId, region, runMode: runMode === 'production' ? 'production' : 'rehearsal' };
}

/** Who may do what with the keys of this station's ceremonies: a form by duties, and everything that follows from it. */
export default function Policy(): ReactElement {
  const words = text.policy;
  const ask = useAsk();
  const { run } = ask;
  const [kmsKey] = useState(keyGiven);
  const [known, setKnown] = useState<SavedPeople | null>(null);
  const [draft, setDraft] = useState<PolicyDraft | null>(null);
  const [picked, setPicked] = useState<PickedPolicy | null>(null);
  useEffect(() => {
    void run(() => bridge.keyPolicy.people()).then((answer) => {
      if (answer === null) return;
      setKnown(answer.value);
      setDraft({ people: answer.value.people, key: FIRST_KEY, caller: '', against: kmsKey ?? { what: 'nothing' } });
    });
  }, [run, kmsKey]);
  const pick = async (): Promise<void> => {
    const answer = await run(() => bridge.keyPolicy.pickPolicy());
    if (answer === null || draft === null) return;
    setPicked(answer.value);
    announce(words.file(answer.value.name));
    if (answer.value.judged !== null) setDraft({ ...draft, against: { what: 'file' } });
  };
  const putAway = (): void => {
    setPicked(null);
    if (draft !== null) setDraft({ ...draft, against: kmsKey ?? { what: 'nothing' } });
  };
  return (
    <Page
      title={words.title}
      actions={
        <>
          <Button onClick={() => go('keys', { in: 'kms' })}>{words.back}</Button>
          <Button disabled={draft === null} onClick={() => void pick()}>
            {words.pick}
          </Button>
        </>
      }
    >
      <p>{words.intro}</p>
      <FailureAlert failure={ask.failure} />
      {known === null || known.damaged === null ? null : <Alert type="warning">{words.damaged(known.damaged)}</Alert>}
      {picked === null ? null : <PolicyFile picked={picked} onClose={putAway} />}
      {draft === null || known === null ? null : (
        <Editor
          {...{ draft, known, kmsKey }}
          file={picked === null || picked.judged === null ? null : picked.name}
          onChange={setDraft}
          onSaved={setKnown}
        />
      )}
    </Page>
  );
}
