import type { ReactElement } from 'react';
import type { PackSummary } from '../../core/contract/values';
import { text } from '../text/text';
import { Mark, type MarkKind } from './mark';

const TYPES: Readonly<Record<PackSummary['state'], MarkKind>> = {
  running: 'waiting',
  completed: 'good',
  aborted: 'stopped',
  damaged: 'bad',
};

export function PackState({ state }: { readonly state: PackSummary['state'] }): ReactElement {
  return <Mark kind={TYPES[state]}>{text.desk.packStates[state]}</Mark>;
}
