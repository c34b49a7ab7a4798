import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { text } from '../../../text/text';
import { actOf } from '../act-of';
import { plannedMinutes } from './planned-minutes';
import styles from './side.module.css';

/** The whole ceremony as one bar: an act each as long as planned, filled as far as it is sealed, the present one framed. */
export function Timeline({ view }: { readonly view: CeremonyView }): ReactElement {
  const acts = view.acts.map((act) => plannedMinutes(act.steps));
  const done = acts.reduce((total, act) => total + act.done, 0);
  const all = acts.reduce((total, act) => total + act.all, 0);
  const current = actOf(view);
  return (
    <div className={styles.timeline} role="img" aria-label={text.stage.timeline(done, all)}>
      {acts.map((act, i) => (
        <div
          key={i}
          className={`${styles.segment ?? ''} ${i === current ? (styles.current ?? '') : ''}`}
          style={{ flex: `${String(act.all)} 0 6px` }}
        >
          <div className={styles.fill} style={{ width: `${String(act.all === 0 ? 0 : (100 * act.done) / act.all)}%` }} />
        </div>
      ))}
    </div>
  );
}
