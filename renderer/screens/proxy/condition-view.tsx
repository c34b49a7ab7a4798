import type { ReactElement } from 'react';
import type { ProxyStatus } from '../../../core/contract/proxy-status';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { Facts } from '../../parts/facts';
import { inGroups } from '../../parts/in-groups';
import { Instant } from '../../parts/instant';
import { Mark, type MarkKind } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { CertificatePanel } from './certificate-panel';
import { MachinePanel } from './machine-panel';
import { ProcessPanel } from './process-panel';
import styles from './proxy.module.css';

const CONDITIONS: Readonly<Record<ProxyStatus['hsm']['condition'], MarkKind>> = {
  starting: 'waiting',
  serving: 'good',
  recovering: 'warning',
  loginRefused: 'bad',
  loggedOut: 'stopped',
  killed: 'stopped',
  stopped: 'stopped',
};

const HEALTH: Readonly<Record<ProxyStatus['health']['state'], MarkKind>> = {
  ACTIVE: 'good',
  DEGRADED: 'warning',
  UNAVAILABLE: 'bad',
};

/** Token, health, certificate, audit log and process, each with its own light. */
export function ConditionView({ proxy }: { readonly proxy: ProxySnapshot }): ReactElement {
  const { status } = proxy;
  return (
    <div className={styles.columns}>
      {status === null ? null : (
        <>
          <TokenPanel hsm={status.hsm} />
          <HealthPanel status={status} />
          <CertificatePanel certificate={status.certificate} />
          <AuditPanel audit={status.audit} />
        </>
      )}
      <MachinePanel machine={proxy.machine} />
      <div className={styles.whole}>
        <ProcessPanel proxy={proxy} />
      </div>
    </div>
  );
}

function TokenPanel({ hsm }: Pick<ProxyStatus, 'hsm'>): ReactElement {
  const words = text.proxyDetails.token;
  const { condition, problem, sessions, counts, token } = hsm;
  return (
    <Panel title={words.title}>
      <div className={styles.panel}>
        <Mark kind={CONDITIONS[condition]}>{words.conditions[condition]}</Mark>
        {problem === '' ? null : <p>{problem}</p>}
        <Facts
          facts={[
            ...(token === null
              ? [{ name: words.label, value: words.none }]
              : [
                  { name: words.label, value: token.label, mono: true },
                  { name: words.serial, value: inGroups(token.serial), mono: true },
                  { name: words.model, value: `${token.manufacturer} ${token.model}` },
                ]),
            { name: words.sessions, value: words.sessionsText(sessions.ready, sessions.wanted, sessions.busy, sessions.hung) },
            {
              name: words.counts,
              value: words.countsText(counts.logins, counts.loginsRefused, counts.timeouts, counts.workersReplaced),
            },
          ]}
        />
      </div>
    </Panel>
  );
}

function HealthPanel({ status: { health, keys } }: { readonly status: ProxyStatus }): ReactElement {
  const words = text.proxyDetails.health;
  return (
    <Panel title={words.title}>
      <div className={styles.panel}>
        <Mark kind={HEALTH[health.state]}>{words.states[health.state]}</Mark>
        {health.problem === '' ? null : <p>{health.problem}</p>}
        <Facts
          facts={[
            { name: words.at, value: health.at === null ? words.never : <Instant iso={health.at} /> },
            { name: words.keys, value: words.keysText(keys.named, keys.problems.length) },
            ...keys.problems.slice(0, 5).map(({ key, problem }) => ({ name: key, value: <Mark kind="warning">{problem}</Mark> })),
          ]}
        />
      </div>
    </Panel>
  );
}

function AuditPanel({ audit }: Pick<ProxyStatus, 'audit'>): ReactElement {
  const words = text.proxyDetails.audit;
  return (
    <Panel title={words.title}>
      <div className={styles.panel}>
        <Mark kind={audit.isWritable ? 'good' : 'bad'}>{audit.isWritable ? words.good : words.bad}</Mark>
        <p>{audit.isRequired ? words.required : words.optional}</p>
        {audit.problem === '' ? null : <p>{audit.problem}</p>}
        <Facts
          facts={[
            { name: words.next, value: String(audit.seq) },
            { name: words.head, value: audit.head.slice(0, 16), mono: true },
          ]}
        />
      </div>
    </Panel>
  );
}
