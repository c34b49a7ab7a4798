import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useRef, useState, type ReactElement } from 'react';
import type { RunMode, StepView } from '../../../../core/ceremony/view-model';
import type { ErrorCode } from '../../../../core/contract/errors';
import type { Failure } from '../../../../core/contract/result';
import { FailureAlert } from '../../../parts/failure-alert';
import { ERROR_TEXTS } from '../../../../core/contract/error-texts';
import { text } from '../../../text/text';
import { useCalls } from '../calls';
import type { FormOf } from '../form-of';
import { ActButtons } from './act-buttons';
import styles from './form.module.css';
import { MediumFolder } from './medium-folder';
import { PinFields, type PinHandle } from './pin-fields';
import { TypedField } from './typed-field';
import type { Secret } from '../../../parts/secret';

interface ActProps {
  readonly runMode: RunMode;
  readonly step: StepView;
  readonly form: FormOf<'act'>;
}

/** An act of the machine: with a PIN where the token wants one, a medium where it crosses the gap, a typed text where it erases. */
export function Act({ runMode, step, form }: ActProps): ReactElement {
  const calls = useCalls();
  const pin = useRef<PinHandle>(null);
  const [typed, setTyped] = useState('');
  if (form.running)
    return (
      <StatusIndicator type="in-progress">
        {text.beat.actRunning(form.title)} {form.progress}
      </StatusIndicator>
    );
  if (form.done) return <StatusIndicator type="success">{text.beat.actDone(form.title)}</StatusIndicator>;
  const act = (bytes: Secret | null): void => void calls.submit({ type: 'act', step: step.id }, bytes, typed);
  const actWithPin = (): void => {
    if (form.typed !== null && typed !== form.typed) return;
    const entry = form.pin === null || form.pin.onDevice ? null : pin.current?.take();
    if (entry !== undefined) act(entry);
  };
  // What erases is never started by Enter: the button with its wait is the only way.
  const onEnter = form.typed === null ? actWithPin : nothing;
  return (
    <div className={styles.form}>
      {form.medium === null ? null : <MediumFolder which={form.medium} runMode={runMode} />}
      {form.typed === null ? null : <TypedField wanted={form.typed} typed={typed} onChange={setTyped} />}
      {form.pin === null ? null : <PinFields ref={pin} pin={form.pin} onEnter={onEnter} />}
      <ActButtons form={form} armed={typed === form.typed} pending={calls.pending} onAct={actWithPin} />
      <FailureAlert failure={calls.failure ?? lastError(form)} />
    </div>
  );
}

/** Why the last attempt failed, as it was recorded; a code of another version of Keyrite is shown as an unexpected one. */
function lastError({ error }: FormOf<'act'>): Failure | null {
  if (error === null) return null;
  return { code: isErrorCode(error.code) ? error.code : 'bridge.fault', detail: error.detail };
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_TEXTS, code);
}

function nothing(): undefined {
  return undefined;
}
