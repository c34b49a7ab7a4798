import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { DigestRows } from '../../parts/fingerprint';
import { ShowBlocks } from '../../parts/show-blocks';
import { text } from '../../text/text';
import { ProjectedForm } from './projected-form';
import styles from './projector.module.css';

function troubleOf(view: CeremonyView): string | null {
  if (view.halt !== null) return text.projector.halted;
  if (view.phase === 'recovery') return text.projector.recovery;
  const open = view.exceptions.find((exception) => exception.decision === null);
  return open === undefined ? null : text.projector.exceptionOpen(open.number);
}

function Head({ view }: { readonly view: CeremonyView }): ReactElement | null {
  if (view.phase === 'interlude' && view.pause !== null)
    return <DigestRows label={`${text.projector.paused}: ${view.pause.reason}`} digest={view.pause.head} />;
  if (view.phase === 'sealed') return <p>{text.projector.sealed}</p>;
  return view.signOff === null ? null : <DigestRows label={text.beat.headTitle} digest={view.signOff.head} />;
}

/** The step as the room follows it. */
export function ProjectedStep({ view }: { readonly view: CeremonyView }): ReactElement {
  const { step } = view;
  const trouble = troubleOf(view);
  const isRunning = view.phase === 'running' && step !== null;
  return (
    <div className={styles.step}>
      <div>
        <h1>{step === null ? view.title : `${step.id} ${step.title}`}</h1>
        {step === null ? null : <p className={styles.acting}>{text.stage.acting(step.roleTitle, step.seat)}</p>}
      </div>
      {trouble === null ? null : <p className={styles.trouble}>{trouble}</p>}
      {isRunning ? (
        <>
          {step.read.state === 'now' ? <blockquote className={styles.words}>{step.read.text}</blockquote> : null}
          <ProjectedForm form={step.do.form} />
          <ShowBlocks blocks={step.show.blocks} isProjected />
        </>
      ) : (
        <Head view={view} />
      )}
    </div>
  );
}
