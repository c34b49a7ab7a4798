import Button from '@cloudscape-design/components/button';
import { useEffect, useState, type ReactElement } from 'react';
import type { ModuleTest, ProfileSummary, Settings } from '../../../core/contract/values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { ModulePath } from './module-path';
import { ModuleTestResult } from './module-test-result';
import { ProfileChoice } from './profile-choice';
import { useSave } from './save';
import styles from './settings.module.css';

function useProfiles(): readonly ProfileSummary[] {
  const [profiles, setProfiles] = useState<readonly ProfileSummary[]>([]);
  useEffect(() => {
    void bridge.settings.profiles().then((answer) => {
      if (answer.ok) setProfiles(answer.value);
    });
  }, []);
  return profiles;
}

/** Which HSM, by which module; tested before it is trusted. */
export function Module({ settings }: { readonly settings: Settings }): ReactElement {
  const profiles = useProfiles();
  const { ask, save } = useSave();
  const testing = useAsk();
  const [test, setTest] = useState<ModuleTest | null>(null);
  const profile = profiles.find((each) => each.id === settings.profile);
  const runTest = async (): Promise<void> => {
    setTest(null);
    const answer = await testing.run(() => bridge.settings.testModule());
    if (answer !== null) setTest(answer.value);
  };
  const change = async (question: Parameters<typeof save>[0]): Promise<void> => {
    if (await save(question)) setTest(null);
  };
  return (
    <Panel title={text.settings.profile}>
      <div className={styles.form}>
        <ProfileChoice
          profiles={profiles}
          chosen={settings.profile}
          onChange={(id) => void change(() => bridge.settings.setProfile({ profile: id }))}
        />
        <ModulePath settings={settings} profile={profile} pending={ask.pending} onChange={(question) => void change(question)} />
        <div className={styles.buttons}>
          <Button variant="primary" loading={testing.pending} onClick={() => void runTest()}>
            {text.settings.test}
          </Button>
        </div>
        <p className={styles.soft}>{text.settings.testHint}</p>
        <FailureAlert failure={ask.failure ?? testing.failure} />
        {test === null ? null : (
          <ModuleTestResult
            test={test}
            onUse={(token) =>
              void save(() => bridge.settings.setToken({ serial: token.serial, label: token.label })).then((ok) =>
                ok ? runTest() : undefined,
              )
            }
          />
        )}
      </div>
    </Panel>
  );
}
