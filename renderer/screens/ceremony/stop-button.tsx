import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { text } from '../../text/text';
import styles from './stop-button.module.css';

/** The way out, where no hand falls on it by chance. */
export function StopButton({
  view,
  onAbort,
}: {
  readonly view: CeremonyView;
  readonly onAbort: () => void;
}): ReactElement | null {
  if (view.phase === 'sealed' || view.phase === 'signOff') return null;
  return (
    <div className={styles.stop}>
      <Button variant="inline-link" onClick={onAbort}>
        {text.stage.stop}
      </Button>
    </div>
  );
}
