import Tabs from '@cloudscape-design/components/tabs';
import { useEffect, useState, type ReactElement } from 'react';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { FailureAlert } from '../../parts/failure-alert';
import { Page } from '../../parts/page';
import { receive, useProxy } from '../../snapshots';
import { text } from '../../text/text';
import { AfterKill } from './after-kill';
import { ConditionView } from './condition-view';
import { CredentialPanel } from './credential-panel';
import { KeyPanel } from './key-panel';
import { Layers } from './layers';
import { LiveView } from './live-view';
import { NotSetUp } from './not-set-up';
import { PolicyRoom } from './policy-room';
import styles from './proxy.module.css';
import { RunButtons } from './run-buttons';
import { SelfTest } from './self-test';
import { isRunning } from './standing';
import { StatePanel } from './state-panel';
import { Reach } from './reach';
import { SwitchPanel } from './switch-panel';
import { useKill, type Kill } from './use-kill';

/** This station's XKS proxy: how it is, the switch, and everything that tells why. */
export default function Proxy(): ReactElement {
  const proxy = useProxy();
  const ask = useAsk();
  const kill = useKill();
  const { run } = ask;
  useEffect(() => {
    void run(() => bridge.proxy.get()).then((answer) => {
      if (answer !== null) receive('proxy.changed', answer.value);
    });
  }, [run]);
  return (
    <Page title={text.proxy.title}>
      <FailureAlert failure={ask.failure} />
      {proxy === undefined ? null : proxy.isSetUp ? <SetUp proxy={proxy} kill={kill} /> : <NotSetUp />}
    </Page>
  );
}

function SetUp({ proxy, kill }: { readonly proxy: ProxySnapshot; readonly kill: Kill }): ReactElement {
  const isKilled = proxy.latch.state !== 'armed';
  const { process } = proxy;
  return (
    <>
      <div className={isKilled ? styles.one : styles.top}>
        <div className={styles.panel}>
          <StatePanel proxy={proxy}>
            <RunButtons proxy={proxy} />
          </StatePanel>
          <FailureAlert failure={process.problem} />
          {isKilled ? null : <SwitchPanel kill={kill} switches={proxy.switches} />}
        </div>
        {isKilled ? <AfterKill proxy={proxy} kill={kill} /> : <Reach />}
      </div>
      <Rooms proxy={proxy} />
    </>
  );
}

function Rooms({ proxy }: { readonly proxy: ProxySnapshot }): ReactElement {
  const { tabs, title } = text.proxy;
  const [room, setRoom] = useState('live');
  // Here, because a tab that is left forgets what is in it.
  const [policy, setPolicy] = useState<string | null>(null);
  const { status } = proxy;
  return (
    <Tabs
      ariaLabel={title}
      activeTabId={room}
      onChange={({ detail }) => setRoom(detail.activeTabId)}
      tabs={[
        { id: 'live', label: tabs.live, content: <LiveView proxy={proxy} /> },
        {
          id: 'keys',
          label: tabs.keys,
          content: (
            <div className={styles.panel}>
              <KeyPanel proxy={proxy} />
              {status === null ? null : <CredentialPanel status={status} />}
            </div>
          ),
        },
        { id: 'policy', label: tabs.policy, content: <PolicyRoom draft={policy} onDraft={setPolicy} /> },
        { id: 'condition', label: tabs.condition, content: <ConditionView proxy={proxy} /> },
        { id: 'selfTest', label: tabs.selfTest, content: <SelfTest isRunning={isRunning(proxy)} /> },
        { id: 'layers', label: tabs.layers, content: <Layers proxy={proxy} /> },
      ]}
    />
  );
}
