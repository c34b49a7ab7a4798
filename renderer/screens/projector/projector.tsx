import { useEffect, type ReactElement } from 'react';
import { Announcer } from '../../announce';
import { useAppearance } from '../../appearance';
import { Countdown } from '../../parts/countdown';
import { ModeBanner } from '../../parts/mode-banner';
import { useCeremony, useSettings } from '../../snapshots';
import { text } from '../../text/text';
import styles from './projector.module.css';
import { ProjectorFooter } from './projector-footer';
import { ProjectedStep } from './projected-step';

/** The read-only window for the wall: the present step and its evidence, never a field of any kind. */
export default function Projector(): ReactElement {
  const view = useCeremony();
  const settings = useSettings();
  useAppearance(settings?.appearance ?? 'system');
  useEffect(() => {
    document.title = `${text.stage.projector} - ${text.shell.product}`;
  }, []);
  if (view === null || view === undefined) {
    return (
      <main className={styles.empty}>
        <h1>{text.projector.waiting}</h1>
        <p>{text.projector.waitingHint}</p>
      </main>
    );
  }
  return (
    <div className={styles.frame}>
      <header>
        <ModeBanner mode={view.runMode} big />
        {view.deadline === null ? null : (
          <div className={styles.deadline}>
            <Countdown deadline={view.deadline} />
          </div>
        )}
      </header>
      <main className={styles.middle} tabIndex={0}>
        <ProjectedStep view={view} />
      </main>
      <ProjectorFooter view={view} />
      <Announcer />
    </div>
  );
}
