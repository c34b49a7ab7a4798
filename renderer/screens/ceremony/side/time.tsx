import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import { minutesBetween, useClock } from '../../../clock';
import { Panel } from '../../../parts/panel';
import { text } from '../../../text/text';
import { actOf } from '../act-of';
import { plannedMinutes } from './planned-minutes';
import styles from './side.module.css';
import { Timeline } from './timeline';

function Gauge({ label, value, of }: { readonly label: string; readonly value: number; readonly of: number }): ReactElement {
  const share = of === 0 ? 0 : Math.min(100, Math.round((100 * value) / of));
  return (
    <div>
      <p>
        <strong>{label}</strong> <span className={styles.soft}>{text.stage.ofMinutes(value, of)}</span>
      </p>
      <div className={styles.bar} aria-hidden="true">
        <div className={styles.fill} style={{ width: `${String(share)}%` }} />
      </div>
      {value > of ? <p>{text.stage.overBy(value - of)}</p> : null}
    </div>
  );
}

/** This step, this act, the whole: planned against gone. */
export function Time({ view }: { readonly view: CeremonyView }): ReactElement {
  const now = useClock();
  const act = plannedMinutes(view.acts[actOf(view)]?.steps ?? []);
  return (
    <Panel title={text.stage.time}>
      <div className={styles.lines}>
        {view.step === null ? null : (
          <Gauge label={text.stage.thisStep} value={minutesBetween(view.step.startedAt, now)} of={view.step.minutes} />
        )}
        <Gauge label={text.stage.thisAct} value={act.done} of={act.all} />
        {view.phase === 'sealed' ? null : (
          <p>
            <strong>{text.stage.left}</strong> <span className={styles.soft}>{text.stage.aboutLeft(view.minutesLeft)}</span>
          </p>
        )}
        <Timeline view={view} />
      </div>
    </Panel>
  );
}
