import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useState, type ReactElement } from 'react';
import type { CeremonyView, ExceptionView } from '../../../../core/ceremony/view-model';
import { text } from '../../../text/text';
import { DecideException } from './decide-exception';

/** What waits for a decision stands above the step it holds up. */
export function OpenExceptions({ view }: { readonly view: CeremonyView }): ReactElement {
  const [deciding, setDeciding] = useState<number | null>(null);
  const open = view.exceptions.filter((exception) => exception.decision === null);
  const current = open.find((exception) => exception.number === deciding);
  return (
    <>
      {open.map((exception) => (
        <Alert
          key={exception.number}
          type={exception.severity === 'fatal' || exception.severity === 'security' ? 'error' : 'warning'}
          header={`${text.trouble.list.title(exception.number, exception.step)} - ${text.trouble.severities[exception.severity]}`}
          action={
            <Button
              ariaLabel={text.trouble.list.decideOne(exception.number)}
              onClick={() => setDeciding(exception.number)}
              nativeButtonAttributes={{ 'data-next': '' }}
            >
              {text.trouble.list.decide}
            </Button>
          }
        >
          <Happened exception={exception} />
        </Alert>
      ))}
      {current === undefined ? null : <DecideException view={view} exception={current} onClose={() => setDeciding(null)} />}
    </>
  );
}

function Happened({ exception }: { readonly exception: ExceptionView }): ReactElement {
  return (
    <>
      <p>
        <strong>{text.trouble.capture.expected}:</strong> {exception.expected}
      </p>
      <p>
        <strong>{text.trouble.capture.happened}:</strong> {exception.happened} ({text.trouble.list.source[exception.source]})
      </p>
    </>
  );
}
