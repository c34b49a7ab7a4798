import type { ReactElement } from 'react';
import type { ProxyStatus } from '../../../core/contract/proxy-status';
import { Instant } from '../../parts/instant';
import { Mark, type MarkKind } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import styles from './proxy.module.css';

/** AWS advises an alarm below 10 days (XksProxyCertificateDaysToExpire); below 30 somebody should be at it. */
const ALARM_DAYS = 10;
const WARNING_DAYS = 30;

export function certificateKind(daysLeft: number): MarkKind {
  return daysLeft < ALARM_DAYS ? 'bad' : daysLeft < WARNING_DAYS ? 'warning' : 'good';
}

/** How long the certificate lasts: its end is an outage that was known for a year. */
export function CertificatePanel({ certificate }: Pick<ProxyStatus, 'certificate'>): ReactElement {
  const words = text.proxyDetails.certificate;
  if (certificate === null)
    return (
      <Panel title={words.title}>
        <Mark kind="info">{words.none}</Mark>
      </Panel>
    );
  const { daysLeft, notAfter } = certificate;
  const kind = certificateKind(daysLeft);
  return (
    <Panel title={words.title}>
      <div className={styles.panel}>
        <Mark kind={kind}>{words.left(Math.floor(daysLeft))}</Mark>
        <p>
          {words.until} <Instant iso={notAfter} />
        </p>
        {kind === 'good' ? null : <p>{kind === 'bad' ? words.soon : words.plan}</p>}
      </div>
    </Panel>
  );
}
