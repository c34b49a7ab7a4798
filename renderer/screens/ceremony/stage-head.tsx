import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { bridge } from '../../bridge-client';
import { Countdown } from '../../parts/countdown';
import { text } from '../../text/text';
import styles from './stage-head.module.css';

export type Dialog = 'exception' | 'pause' | 'abort' | 'keys';

interface StageHeadProps {
  readonly view: CeremonyView;
  readonly canPause: boolean;
  readonly canRaise: boolean;
  readonly helpOpen: boolean;
  readonly onDialog: (dialog: Dialog) => void;
  readonly onHelp: () => void;
}

function titleOf(view: CeremonyView): string {
  if (view.step !== null) return `${view.step.id} ${view.step.title}`;
  return text.stage.phases[view.phase];
}

/** The step's number and title as on paper, who acts, and what is possible at any moment. */
export function StageHead({ view, canPause, canRaise, helpOpen, onDialog, onHelp }: StageHeadProps): ReactElement {
  return (
    <div className={styles.head}>
      <div>
        <h2 className={styles.title}>{titleOf(view)}</h2>
        {view.step === null ? null : <p className={styles.acting}>{text.stage.acting(view.step.roleTitle, view.step.seat)}</p>}
      </div>
      <div className={styles.actions}>
        <Button iconName="flag" disabled={!canRaise} onClick={() => onDialog('exception')}>
          {text.stage.exception} (E)
        </Button>
        <Button iconName="pause" disabled={!canPause} onClick={() => onDialog('pause')}>
          {text.stage.interlude} (I)
        </Button>
        <Button
          iconName="support"
          variant="icon"
          ariaLabel={`${text.stage.help} (F1)`}
          ariaExpanded={helpOpen}
          onClick={onHelp}
        />
        <Button iconName="keyboard" variant="icon" ariaLabel={`${text.shortcuts.title} (?)`} onClick={() => onDialog('keys')} />
        <Button
          iconName="multiscreen"
          variant="icon"
          ariaLabel={text.stage.projector}
          onClick={() => void bridge.app.openProjector()}
        />
      </div>
      {view.deadline === null ? null : (
        <div className={styles.deadline}>
          <Countdown deadline={view.deadline} />
        </div>
      )}
    </div>
  );
}
