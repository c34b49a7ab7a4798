import Button from '@cloudscape-design/components/button';
import { useEffect, useState, type ReactElement } from 'react';
import type { RunMode } from '../../../../core/ceremony/view-model';
import type { Medium } from '../../../../core/ceremony/command';
import type { Result } from '../../../../core/contract/result';
import type { MediumFolders } from '../../../../core/contract/values';
import { announce } from '../../../announce';
import { useAsk } from '../../../ask';
import { bridge } from '../../../bridge-client';
import { FailureAlert } from '../../../parts/failure-alert';
import { MediumBadge } from '../../../parts/medium-badge';
import { text } from '../../../text/text';
import styles from './medium-folder.module.css';

interface MediumFolderProps {
  readonly which: Medium;
  readonly runMode: RunMode;
}

/** Which medium has to be in the station, and the folder that stands for it. The folder is picked in the system's own dialog. */
export function MediumFolder({ which, runMode }: MediumFolderProps): ReactElement {
  const [folders, setFolders] = useState<MediumFolders | null>(null);
  const ask = useAsk();
  const { run } = ask;
  useEffect(() => {
    void run(() => bridge.ceremony.media()).then((answer) => answer !== null && setFolders(answer.value));
  }, [run]);
  const change = async (question: () => Promise<Result<MediumFolders>>): Promise<void> => {
    const answer = await run(question);
    if (answer === null) return;
    setFolders(answer.value);
    if (answer.value[which] !== '') announce(text.media.chosen(text.media.words[which]));
  };
  const folder = folders?.[which] ?? '';
  const word = text.media.words[which];
  // Before the answer is there, too: focus is put once, and without a folder there is nothing to write to.
  const isMissing = folder === '' && runMode === 'production';
  return (
    <div className={styles.medium}>
      <MediumBadge which={which} />
      <p>{text.media.needed(word)}</p>
      {folders === null ? null : <Where folder={folder} word={word} runMode={runMode} />}
      <div className={styles.buttons}>
        <Button
          iconName="folder-open"
          loading={ask.pending}
          onClick={() => void change(() => bridge.ceremony.pickMedium({ which }))}
          nativeButtonAttributes={isMissing ? { 'data-next': '' } : {}}
        >
          {folder === '' ? text.media.choose(word) : text.media.another(word)}
        </Button>
        {folder !== '' && runMode === 'rehearsal' ? (
          <Button disabled={ask.pending} onClick={() => void change(() => bridge.ceremony.clearMedium({ which }))}>
            {text.media.usePractice}
          </Button>
        ) : null}
      </div>
      <FailureAlert failure={ask.failure} />
    </div>
  );
}

function Where({
  folder,
  word,
  runMode,
}: {
  readonly folder: string;
  readonly word: string;
  readonly runMode: RunMode;
}): ReactElement {
  if (folder === '') return <p>{runMode === 'rehearsal' ? text.media.practice : text.media.none(word)}</p>;
  return (
    <p>
      <strong>{text.media.folder}:</strong> <span className={styles.folder}>{folder}</span>
    </p>
  );
}
