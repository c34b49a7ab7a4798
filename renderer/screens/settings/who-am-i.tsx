import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { AwsIdentity } from '../../../core/contract/values';
import type { RunMode } from '../../../core/ceremony/view-model';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { text } from '../../text/text';
import { Identities } from './identities';
import styles from './settings.module.css';

const MODES: readonly RunMode[] = ['rehearsal', 'production'];

/** Asks AWS who each seat is, as a ceremony of that mode would. */
export function WhoAmI({ disabled }: { readonly disabled: boolean }): ReactElement {
  const ask = useAsk();
  const [asked, setAsked] = useState<{ readonly mode: RunMode; readonly who: readonly AwsIdentity[] } | null>(null);
  const test = async (mode: RunMode): Promise<void> => {
    setAsked(null);
    const answer = await ask.run(() => bridge.settings.identify({ runMode: mode }));
    if (answer !== null) setAsked({ mode, who: answer.value });
  };
  return (
    <>
      <div className={styles.buttons}>
        {MODES.map((mode) => (
          <Button key={mode} disabled={disabled || ask.pending} onClick={() => void test(mode)}>
            {text.aws.tests[mode]}
          </Button>
        ))}
      </div>
      <p className={styles.soft}>{disabled ? text.aws.saveFirst : text.aws.testHint}</p>
      <FailureAlert failure={ask.failure} />
      {asked === null || disabled ? null : <Identities mode={asked.mode} who={asked.who} />}
    </>
  );
}
