import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { Facts } from '../../../parts/facts';
import { FailureAlert } from '../../../parts/failure-alert';
import { Panel } from '../../../parts/panel';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import { Login } from './login';
import { lookOf } from './look-of';
import { RecoveryChoice } from './recovery-choice';
import styles from './troubles.module.css';

/** An intent without a result: look first, then decide; nothing is repeated by itself. */
export function Recovery({ view }: { readonly view: CeremonyView }): ReactElement | null {
  const calls = useCalls();
  const { recovery } = view;
  if (recovery === null) return null;
  const words = text.trouble.recovery;
  const look = lookOf(recovery.operation);
  return (
    <Panel title={words.title} level={3}>
      <div className={styles.panel}>
        <Alert type="warning">{look.hint}</Alert>
        <Facts
          facts={[
            { name: words.operation, value: recovery.operation },
            ...(recovery.ckaId === '' ? [] : [{ name: words.ckaId, value: recovery.ckaId, mono: true }]),
          ]}
        />
        {view.loginNeeded === null ? null : <Login needed={view.loginNeeded} />}
        {recovery.hits === null ? (
          <div>
            <Button
              variant="primary"
              loading={calls.pending}
              disabled={view.loginNeeded !== null}
              onClick={() => void calls.submit({ type: 'inspect' })}
              nativeButtonAttributes={{ 'data-shortcut': 'D', 'data-next': '' }}
            >
              {look.inspect} (D)
            </Button>
          </div>
        ) : (
          <RecoveryChoice view={view} choices={recovery.choices} hits={recovery.hits} look={look} />
        )}
        <FailureAlert failure={calls.failure} />
      </div>
    </Panel>
  );
}
