import Alert from '@cloudscape-design/components/alert';
import { useEffect, type ReactElement, type ReactNode } from 'react';
import type { Failure } from '../../core/contract/result';
import { announce } from '../announce';
import { ERROR_TEXTS } from '../../core/contract/error-texts';
import { text } from '../text/text';
import styles from './failure-alert.module.css';

/** A refused PIN is told with the tries that are left. */
function PinTries({ detail }: { readonly detail: Failure['detail'] }): ReactElement | null {
  const state = Object.entries(text.pinStates).find(([name]) => name === detail['pinState']);
  if (state === undefined) return null;
  return (
    <p>
      <strong>{text.stage.pinTries}:</strong> {state[1]}
    </p>
  );
}

/** What happened, what it means for the key, what to do next, and the facts. */
export function FailureAlert({
  failure,
  action,
}: {
  readonly failure: Failure | null;
  readonly action?: ReactNode;
}): ReactElement | null {
  useEffect(() => {
    if (failure !== null) announce(`${ERROR_TEXTS[failure.code].what} ${ERROR_TEXTS[failure.code].do}`);
  }, [failure]);
  if (failure === null) return null;
  const sentence = ERROR_TEXTS[failure.code];
  return (
    <Alert type="error" header={sentence.what} action={action}>
      <p>
        <strong>{text.shell.whatItMeans}</strong> {sentence.means}
      </p>
      <p>
        <strong>{text.shell.whatToDo}</strong> {sentence.do}
      </p>
      <PinTries detail={failure.detail} />
      <p className={styles.facts}>
        {failure.code}
        {Object.entries(failure.detail).map(([name, value]) => ` · ${name}: ${String(value)}`)}
      </p>
    </Alert>
  );
}
