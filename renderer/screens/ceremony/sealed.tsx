import Button from '@cloudscape-design/components/button';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { DigestRows } from '../../parts/fingerprint';
import { Panel } from '../../parts/panel';
import { go, type Route } from '../../route';
import { receive } from '../../snapshots';
import { text } from '../../text/text';
import styles from './troubles/troubles.module.css';

/** The end: the head to write down, and where the evidence is. */
export function Sealed({ view }: { readonly view: CeremonyView }): ReactElement {
  const ask = useAsk();
  const outcome = view.outcome ?? 'completed';
  const leaveFor = async (route: Route): Promise<void> => {
    if ((await ask.run(() => bridge.ceremony.leave())) === null) return;
    receive('ceremony.changed', null);
    go(route);
  };
  return (
    <Panel title={text.stage.sealedTitle[outcome]} level={3}>
      <div className={styles.panel}>
        <StatusIndicator type={outcome === 'completed' ? 'success' : 'stopped'}>{text.evidence.outcome[outcome]}</StatusIndicator>
        <DigestRows label={text.stage.signedHead} digest={view.head} />
        <p>{text.stage.sealedHint}</p>
        <div className={styles.buttons}>
          <Button
            variant="primary"
            loading={ask.pending}
            onClick={() => void leaveFor('evidence')}
            nativeButtonAttributes={{ 'data-next': '' }}
          >
            {text.stage.toEvidence}
          </Button>
          <Button disabled={ask.pending} onClick={() => void leaveFor('desk')}>
            {text.stage.leave}
          </Button>
        </div>
        <FailureAlert failure={ask.failure} />
      </div>
    </Panel>
  );
}
