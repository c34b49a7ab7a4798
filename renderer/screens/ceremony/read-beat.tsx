import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { StepView } from '../../../core/ceremony/view-model';
import { FailureAlert } from '../../parts/failure-alert';
import { text } from '../../text/text';
import { Beat } from './beat';
import { useCalls } from './calls';
import styles from './read-beat.module.css';

/** The words to be said, large enough to be read standing. */
export function ReadBeat({ step }: { readonly step: StepView }): ReactElement {
  const calls = useCalls();
  const { state, text: words } = step.read;
  return (
    <Beat n={1} title={text.stage.beats.read} state={state} note={text.beat.nothingToRead}>
      <blockquote className={state === 'now' ? styles.words : styles.said}>{words}</blockquote>
      {state === 'now' ? (
        <>
          <Button
            variant="primary"
            loading={calls.pending}
            onClick={() => void calls.submit({ type: 'read', step: step.id })}
            nativeButtonAttributes={{ 'data-shortcut': 'R', 'data-next': '' }}
          >
            {text.beat.readDone} (R)
          </Button>
          <FailureAlert failure={calls.failure} />
        </>
      ) : null}
    </Beat>
  );
}
