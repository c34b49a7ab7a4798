import Alert from '@cloudscape-design/components/alert';
import type { ReactElement } from 'react';
import type { Failure } from '../../../core/contract/result';
import { FailureAlert } from '../../parts/failure-alert';
import { text } from '../../text/text';

/** A calendar that cannot be read is no damaged evidence: it says what it is. */
export function CalendarFailure({ failure }: { readonly failure: Failure | null }): ReactElement {
  if (failure?.code !== 'file.damaged') return <FailureAlert failure={failure} />;
  const { damaged, damagedHint } = text.calendar;
  return (
    <Alert type="error" header={damaged}>
      {damagedHint} <span className="mono">{String(failure.detail['path'] ?? '')}</span>
    </Alert>
  );
}
