import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { localText, useClock, utcText } from '../../clock';
import { text } from '../../text/text';
import styles from './footer.module.css';

/** As at the foot of every page on paper: step and page, the script and the head as words, the time. */
export function Footer({ view }: { readonly view: CeremonyView }): ReactElement {
  const now = useClock();
  const where = view.step === null ? text.stage.phases[view.phase] : text.stage.atStep(view.step.id);
  return (
    <footer className={styles.footer}>
      <span>{text.stage.footer(where, view.page, view.pages)}</span>
      <span>
        {text.stage.script} <strong lang="en">{view.scriptWords}</strong>
      </span>
      <span>
        {text.stage.head} <strong lang="en">{view.headWords}</strong>
      </span>
      <span>{text.shell.utcAndLocal(utcText(now), localText(now))}</span>
    </footer>
  );
}
