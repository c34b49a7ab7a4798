import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { Facts } from '../../parts/facts';
import { FailureAlert } from '../../parts/failure-alert';
import { Instant } from '../../parts/instant';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import styles from './proxy.module.css';
import { shortcutText } from './shortcut-text';

/** The process as its supervisor knows it, and what it said last. */
export function ProcessPanel({ proxy }: { readonly proxy: ProxySnapshot }): ReactElement {
  const words = text.proxyDetails.process;
  const { process, status, service, switches } = proxy;
  return (
    <Panel title={words.title} actions={status === null ? undefined : <Reload />}>
      <div className={styles.panel}>
        <Facts
          facts={[
            {
              name: words.phase,
              value: (
                <>
                  {words.phases[process.phase]}, {text.proxy.since.toLowerCase()} <Instant iso={process.since} />
                </>
              ),
            },
            ...(process.pid === null ? [] : [{ name: words.pid, value: String(process.pid) }]),
            { name: words.restarts, value: words.restartsText(process.restarts, process.restartLimit) },
            ...(status === null
              ? []
              : [
                  { name: words.version, value: status.version },
                  { name: words.uptime, value: words.uptimeText(status.uptimeSeconds) },
                  {
                    name: words.listens,
                    value: status.listeners.map(({ name, address }) => (
                      <div key={name}>
                        {name} <span className="mono">{address}</span>
                      </div>
                    )),
                  },
                ]),
            ...(status?.lastReload ? [{ name: words.reload, value: <LastReload reload={status.lastReload} /> }] : []),
            { name: words.service, value: text.proxy.services[service] },
            { name: words.shortcut, value: shortcutState(switches) },
          ]}
        />
        <h3>{words.words}</h3>
        {process.lastWords.length === 0 ? (
          <p className={styles.soft}>{words.noWords}</p>
        ) : (
          <pre className={styles.words} tabIndex={0} aria-label={words.words}>
            {process.lastWords.join('\n')}
          </pre>
        )}
      </div>
    </Panel>
  );
}

function shortcutState({ shortcut, isShortcutOn }: ProxySnapshot['switches']): string {
  const words = text.proxyDetails.process;
  if (shortcut === '') return words.shortcutNone;
  const keys = shortcutText(shortcut);
  return isShortcutOn ? words.shortcutOn(keys) : words.shortcutOff(keys);
}

function LastReload({
  reload: { at, ok, problem },
}: {
  readonly reload: NonNullable<NonNullable<ProxySnapshot['status']>['lastReload']>;
}): ReactElement {
  return (
    <Mark kind={ok ? 'good' : 'bad'}>
      <Instant iso={at} /> {problem}
    </Mark>
  );
}

/** Settings that can change while it serves. */
function Reload(): ReactElement {
  const words = text.proxy;
  const ask = useAsk();
  const [done, setDone] = useState<{ readonly changed: readonly string[]; readonly needsRestart: readonly string[] } | null>(
    null,
  );
  const reload = async (): Promise<void> => {
    setDone(null);
    const answer = await ask.run(() => bridge.proxy.reload());
    if (answer !== null) setDone(answer.value);
  };
  return (
    <div className={styles.reload}>
      <Button iconName="refresh" loading={ask.pending} onClick={() => void reload()}>
        {words.reload}
      </Button>
      <FailureAlert failure={ask.failure} />
      {done === null ? null : (
        <div role="status">
          <Mark kind="good">
            {words.reloaded} {done.changed.length === 0 ? words.nothingChanged : `${words.changed}: ${done.changed.join(', ')}.`}
          </Mark>
          {done.needsRestart.length === 0 ? null : (
            <p>
              <Mark kind="warning">
                {words.needsRestart}: {done.needsRestart.join(', ')}
              </Mark>
            </p>
          )}
        </div>
      )}
    </div>
  );
}
