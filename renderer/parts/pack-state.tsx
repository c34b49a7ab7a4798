import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { PackSummary } from '../../core/contract/values';
import { text } from '../text/text';

const TYPES: Readonly<Record<PackSummary['state'], StatusIndicatorProps.Type>> = {
  running: 'pending',
  completed: 'success',
  aborted: 'stopped',
  damaged: 'error',
};

export function PackState({ state }: { readonly state: PackSummary['state'] }): ReactElement {
  return <StatusIndicator type={TYPES[state]}>{text.desk.packStates[state]}</StatusIndicator>;
}
