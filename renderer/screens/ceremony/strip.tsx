import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { text } from '../../text/text';
import { RoomPanels } from './side/side';
import { StepList } from './step-list';
import { StopButton } from './stop-button';
import styles from './strip.module.css';
import { whereNow } from './where-now';

/** Rail and side where there is no room beside the step: folded above it, a click each. */
export function Strip({ view, onAbort }: { readonly view: CeremonyView; readonly onAbort: () => void }): ReactElement {
  return (
    <div className={styles.strip}>
      <h1 className={styles.title}>{view.title}</h1>
      <details className={styles.fold}>
        <summary>{whereNow(view)}</summary>
        <div className={styles.content}>
          <StepList view={view} />
          <StopButton view={view} onAbort={onAbort} />
        </div>
      </details>
      <details className={styles.fold}>
        <summary>{text.stage.room}</summary>
        <div className={styles.panels}>
          <RoomPanels view={view} />
        </div>
      </details>
    </div>
  );
}
