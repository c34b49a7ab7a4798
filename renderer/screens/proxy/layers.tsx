import Button from '@cloudscape-design/components/button';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import type { ReactElement } from 'react';
import type { ProxySnapshot } from '../../../core/contract/proxy-values';
import { Facts } from '../../parts/facts';
import { Panel } from '../../parts/panel';
import { go } from '../../route';
import { text } from '../../text/text';
import { LogOut } from './log-out';
import styles from './proxy.module.css';

/** The wider layers, each on its own and folded: none is pressed in passing. */
export function Layers({ proxy }: { readonly proxy: ProxySnapshot }): ReactElement {
  const words = text.proxy.layers;
  return (
    <Panel title={words.title}>
      <div className={styles.panel}>
        <p className={styles.soft}>{words.hint}</p>
        {words.list.map(({ name, reaches, leaves, back, how, act, script }, i) => (
          <ExpandableSection key={name} variant="container" headerText={`${String(i + 1)}. ${name}`} headingTagOverride="h3">
            <div className={styles.panel}>
              <Facts
                facts={[
                  { name: words.reaches, value: reaches },
                  { name: words.leaves, value: leaves },
                  { name: words.back, value: back },
                ]}
              />
              {how.length === 0 ? null : (
                <>
                  <strong>{words.byHand}</strong>
                  <ul className={styles.points}>
                    {how.map((line) => (
                      <li key={line}>{line}</li>
                    ))}
                  </ul>
                </>
              )}
              {act === 'logOut' ? <LogOut proxy={proxy} /> : null}
              {script === null ? null : (
                <div>
                  <Button onClick={() => go('start', { script })}>{words.open}</Button>
                </div>
              )}
            </div>
          </ExpandableSection>
        ))}
      </div>
    </Panel>
  );
}
