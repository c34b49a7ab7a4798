import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { ProxyStatus } from '../../../core/contract/proxy-status';
import { useClock } from '../../clock';
import { Instant } from '../../parts/instant';
import { Panel } from '../../parts/panel';
import { PlainTable } from '../../parts/plain-table';
import { go } from '../../route';
import { text } from '../../text/text';
import styles from './proxy.module.css';

const DAY_MS = 86_400_000;

/** Each credential with its age and last use, and the way to a new one. */
export function CredentialPanel({ status }: { readonly status: ProxyStatus }): ReactElement {
  const words = text.proxyDetails.credentials;
  const now = useClock();
  return (
    <Panel
      title={words.title}
      actions={<Button onClick={() => go('start', { script: 'xks-rotate-credential' })}>{words.rotate}</Button>}
    >
      <p className={styles.soft}>{words.hint}</p>
      <PlainTable
        title={words.title}
        columns={[words.id, words.store, words.age, words.lastUsed]}
        empty={words.none}
        rows={status.credentials.map(({ store, accessKeyId, since, lastUsed }) => ({
          key: `${store} ${accessKeyId}`,
          cells: [
            <span key="id" className="mono">
              {accessKeyId}
            </span>,
            store,
            since === null ? words.unknown : words.days(Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / DAY_MS))),
            lastUsed === null ? words.never : <Instant key="used" iso={lastUsed} />,
          ],
        }))}
      />
    </Panel>
  );
}
