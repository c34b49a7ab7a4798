import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { StepView } from '../../../core/ceremony/view-model';
import { FailureAlert } from '../../parts/failure-alert';
import { text } from '../../text/text';
import { Beat } from './beat';
import { useCalls } from './calls';

/** The step goes to disk for good. */
export function SealBeat({ step }: { readonly step: StepView }): ReactElement {
  const calls = useCalls();
  return (
    <Beat isPinned n={5} title={text.stage.beats.seal} state={step.seal.state} note={text.beat.sealHint}>
      {step.seal.state === 'done' ? (
        <p>{text.beat.sealed}</p>
      ) : (
        <>
          <Button
            variant="primary"
            loading={calls.pending}
            onClick={() => void calls.submit({ type: 'seal', step: step.id })}
            nativeButtonAttributes={{ 'data-shortcut': 'C', 'data-next': '' }}
          >
            {text.beat.seal} (C)
          </Button>
          <FailureAlert failure={calls.failure} />
        </>
      )}
    </Beat>
  );
}
