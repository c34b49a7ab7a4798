import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import type { ReactElement } from 'react';
import type { Failure } from '../../../../core/contract/result';
import { ERROR_TEXTS } from '../../../../core/contract/error-texts';
import { text } from '../../../text/text';
import { useCalls } from '../calls';

/** The journal cannot be written: everything waits, nothing is lost. */
export function Halt({ failure }: { readonly failure: Failure }): ReactElement {
  const calls = useCalls();
  const sentence = ERROR_TEXTS[(calls.failure ?? failure).code];
  return (
    <Alert
      type="error"
      header={text.trouble.halt.title}
      action={
        <Button loading={calls.pending} onClick={() => void calls.retry()} nativeButtonAttributes={{ 'data-next': '' }}>
          {text.trouble.halt.retry}
        </Button>
      }
    >
      <p>
        {sentence.what} {sentence.means}
      </p>
      <p>
        <strong>{text.shell.whatToDo}</strong> {sentence.do}
      </p>
      <p>{text.trouble.halt.hint}</p>
    </Alert>
  );
}
