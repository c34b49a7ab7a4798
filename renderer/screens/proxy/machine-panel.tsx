import type { ReactElement } from 'react';
import type { MachineEvent } from '../../../core/contract/machine-event';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { useClock } from '../../clock';
import { Instant } from '../../parts/instant';
import { Mark, type MarkKind } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import styles from './proxy.module.css';

/** For how long it stands beside the state, ms; under Condition it stays. */
const RECENT_MS = 600_000;

function said(event: MachineEvent): string {
  const words = text.proxyMachine;
  switch (event.what) {
    case 'stoodStill':
      return words.stoodStill(Date.parse(event.at) - Date.parse(event.from));
    case 'clockSet':
      return words.clockSet(event.byMs);
    case 'addresses':
      return `${words.addresses(event.gone.join(', '), event.come.join(', '))}. ${words.addressesHint}`;
  }
}

function Event({ event, kind }: { readonly event: MachineEvent; readonly kind: MarkKind }): ReactElement {
  return (
    <p>
      <Mark kind={kind}>
        {said(event)} <Instant iso={event.at} />.
      </Mark>
    </p>
  );
}

/** What happened a moment ago and may be why KMS was not answered. Addresses that the proxy needs are said of their own. */
export function RecentlyHere({ machine }: Pick<ProxySnapshot, 'machine'>): ReactElement {
  const now = useClock().getTime();
  const recent = machine.filter(({ what, at }) => what !== 'addresses' && now - Date.parse(at) < RECENT_MS);
  return (
    <>
      {recent.slice(0, 2).map((event) => (
        <Event key={`${event.what} ${event.at}`} event={event} kind="warning" />
      ))}
    </>
  );
}

/** The sleeps, clocks and addresses of this machine. */
export function MachinePanel({ machine }: Pick<ProxySnapshot, 'machine'>): ReactElement {
  const words = text.proxyMachine;
  return (
    <Panel title={words.title}>
      <div className={styles.panel}>
        {machine.length === 0 ? <p className={styles.soft}>{words.quiet}</p> : null}
        {machine.map((event) => (
          <Event key={`${event.what} ${event.at}`} event={event} kind={event.what === 'clockSet' ? 'warning' : 'info'} />
        ))}
      </div>
    </Panel>
  );
}
