import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { Settings } from '../../../core/contract/values';
import { bridge } from '../../bridge-client';
import { Facts } from '../../parts/facts';
import { FailureAlert } from '../../parts/failure-alert';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { useSave } from './save';
import styles from './settings.module.css';

/** Where evidence goes, and its second copy. */
export function EvidenceFolders({ settings }: { readonly settings: Settings }): ReactElement {
  const { ask, save } = useSave();
  const words = text.settings;
  const hasMirror = settings.mirror !== '';
  return (
    <Panel title={words.evidence}>
      <div className={styles.form}>
        <Facts
          facts={[
            { name: words.evidence, value: settings.evidenceFolder, mono: true },
            { name: words.mirror, value: hasMirror ? settings.mirror : words.noMirror, mono: hasMirror },
          ]}
        />
        <p className={styles.soft}>{words.mirrorHint}</p>
        <div className={styles.buttons}>
          <Button loading={ask.pending} onClick={() => void save(() => bridge.settings.pickMirror())}>
            {words.pickMirror}
          </Button>
          {hasMirror ? (
            <Button disabled={ask.pending} onClick={() => void save(() => bridge.settings.clearMirror())}>
              {words.clearMirror}
            </Button>
          ) : null}
        </div>
        <FailureAlert failure={ask.failure} />
      </div>
    </Panel>
  );
}
