import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { text } from '../../text/text';
import { whereNow } from './where-now';
import styles from './rail.module.css';
import { StepList } from './step-list';
import { StopButton } from './stop-button';

/** Where we are, numbered as on paper. */
export function Rail({ view, onAbort }: { readonly view: CeremonyView; readonly onAbort: () => void }): ReactElement {
  return (
    <div className={styles.rail} role="region" aria-label={text.stage.steps} tabIndex={0}>
      <h1 className={styles.title}>{view.title}</h1>
      <p className={styles.left}>{whereNow(view)}</p>
      <StepList view={view} />
      <StopButton view={view} onAbort={onAbort} />
    </div>
  );
}
