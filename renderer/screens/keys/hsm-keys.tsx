import { useState, type ReactElement } from 'react';
import type { KeysReport } from '../../../core/contract/values';
import { announce } from '../../announce';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { Panel } from '../../parts/panel';
import { useCeremony } from '../../snapshots';
import { text } from '../../text/text';
import { AskPin } from './ask-pin';
import { Inventory } from './inventory';
import styles from './keys.module.css';
import type { Secret } from '../../parts/secret';

/** What is on the token, measured against the policy of its purpose. */
export function HsmKeys(): ReactElement {
  const ask = useAsk();
  const ceremony = useCeremony();
  const [report, setReport] = useState<KeysReport | null>(null);
  const isHeld = ceremony !== null && ceremony !== undefined && ceremony.phase !== 'sealed';
  const read = async (pin: Secret | null): Promise<void> => {
    const answer = await ask.run(() => bridge.keys.inventory({ pin }));
    pin?.fill(0);
    if (answer === null) return;
    setReport(answer.value);
    announce(text.keys.found(answer.value.keys.length));
  };
  return (
    <div className={styles.part}>
      {isHeld ? (
        <Panel title={text.keys.read}>
          <p>{text.keys.busy}</p>
        </Panel>
      ) : (
        <AskPin ask={ask} again={report !== null} onRead={(pin) => void read(pin)} />
      )}
      {report === null ? null : <Inventory report={report} />}
    </div>
  );
}
