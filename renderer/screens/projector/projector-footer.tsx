import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { useClock, utcText } from '../../clock';
import { text } from '../../text/text';
import styles from './projector.module.css';

/** Step, page, head and time, for everybody in the room. */
export function ProjectorFooter({ view }: { readonly view: CeremonyView }): ReactElement {
  const now = useClock();
  const where = view.step === null ? text.stage.phases[view.phase] : text.stage.atStep(view.step.id);
  return (
    <footer className={styles.footer}>
      <span>{text.projector.step(where, view.page, view.pages)}</span>
      <span>{utcText(now)}</span>
      <span>
        {text.stage.head} <strong lang="en">{view.headWords}</strong>
      </span>
    </footer>
  );
}
