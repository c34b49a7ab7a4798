import Alert from '@cloudscape-design/components/alert';
import type { ReactElement } from 'react';
import type { CeremonyView, StepView } from '../../../core/ceremony/view-model';
import { Panel } from '../../parts/panel';
import { text } from '../../text/text';
import { Beats } from './beats';
import styles from './centre.module.css';
import { SignOff } from './forms/sign-off';
import { Sealed } from './sealed';
import { Halt } from './troubles/halt';
import { Login } from './troubles/login';
import { OpenExceptions } from './troubles/open-exceptions';
import { Recovery } from './troubles/recovery';
import { Resume } from './troubles/resume';

interface CentreProps {
  readonly view: CeremonyView;
  readonly helpOpen: boolean;
  readonly onHelpClose: () => void;
}

/** What the phase puts in the middle: the step's five beats, or what has to be settled first. */
export function Centre({ view, helpOpen, onHelpClose }: CentreProps): ReactElement {
  return (
    <div className={styles.centre}>
      {helpOpen && view.step !== null ? <Help step={view.step} onClose={onHelpClose} /> : null}
      {view.halt === null ? null : <Halt failure={view.halt} />}
      <OpenExceptions view={view} />
      {view.phase !== 'interlude' && view.phase !== 'recovery' && view.loginNeeded !== null ? (
        <Login needed={view.loginNeeded} />
      ) : null}
      <Middle view={view} />
    </div>
  );
}

function Middle({ view }: { readonly view: CeremonyView }): ReactElement | null {
  if (view.phase === 'interlude') return <Resume view={view} />;
  if (view.phase === 'recovery') return <Recovery view={view} />;
  if (view.phase === 'sealed') return <Sealed view={view} />;
  const isLastStep = view.step?.do.form.kind === 'signOff';
  // A stopped ceremony is signed wherever it stopped: the step it stopped at is not drawn any more.
  if (view.signOff !== null && !isLastStep) return <StoppedSignOff view={view} signOff={view.signOff} />;
  return view.step === null ? null : <Beats key={view.step.id} view={view} step={view.step} />;
}

function StoppedSignOff(props: Parameters<typeof SignOff>[0]): ReactElement {
  return (
    <Panel title={text.beat.sign} level={3}>
      <SignOff {...props} />
    </Panel>
  );
}

function onFailText(plan: string): string {
  const { onFail } = text.stage;
  return plan === 'stop' || plan === 'destroy' || plan === 'exception' ? onFail[plan] : plan;
}

function Help({ step, onClose }: { readonly step: StepView; readonly onClose: () => void }): ReactElement {
  return (
    <Alert
      type="info"
      header={text.stage.help}
      dismissible
      i18nStrings={{ dismissAriaLabel: text.shell.close }}
      onDismiss={onClose}
    >
      <p>{step.help === '' ? text.stage.noHelp : step.help}</p>
      <p>
        <strong>{text.stage.helpPlan}</strong> {onFailText(step.onFail)}
      </p>
    </Alert>
  );
}
