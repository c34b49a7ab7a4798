import type { ReactElement } from 'react';
import { Mark } from '../../parts/mark';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import type { Flow } from './flow';
import styles from './live.module.css';
import { mixOf } from './series';

/** How the requests of five minutes ended, each outcome with its share. */
export function OutcomeMix({ outcomes }: Pick<Flow, 'outcomes'>): ReactElement {
  const words = text.proxyDetails.live;
  const mix = mixOf(outcomes);
  return (
    <Panel title={words.mix}>
      {mix.length === 0 ? (
        <p className={styles.soft}>{words.mixNone}</p>
      ) : (
        <ul className={styles.mix}>
          {mix.map(({ outcome, count, share }) => (
            <li key={outcome} className={styles.outcome}>
              <Mark kind={outcome === 'ok' ? 'good' : 'bad'}>{outcome}</Mark>
              <span>{words.count(count, share)}</span>
              <div className={styles.track} aria-hidden="true">
                <div className={outcome === 'ok' ? styles.good : styles.refused} style={{ width: `${String(100 * share)}%` }} />
              </div>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
