import Button from '@cloudscape-design/components/button';
import { useRef, type ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { FailureAlert } from '../../../parts/failure-alert';
import { Panel } from '../../../parts/panel';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import { PinFields, type PinHandle } from '../forms/pin-fields';
import styles from './troubles.module.css';

/** After a restart or a break the token wants its PIN again. */
export function Login({ needed }: { readonly needed: NonNullable<CeremonyView['loginNeeded']> }): ReactElement {
  const calls = useCalls();
  const pin = useRef<PinHandle>(null);
  const login = (): void => {
    const entry = needed.onDevice ? null : pin.current?.take();
    if (entry !== undefined) void calls.login(entry);
  };
  return (
    <Panel title={text.trouble.login.title} level={3}>
      <div className={styles.panel}>
        <p>{text.trouble.login.hint}</p>
        <PinFields ref={pin} pin={{ ...needed, fresh: false }} onEnter={login} />
        <div className={styles.buttons}>
          <Button variant="primary" loading={calls.pending} onClick={login}>
            {text.trouble.login.button}
          </Button>
        </div>
        <FailureAlert failure={calls.failure} />
      </div>
    </Panel>
  );
}
