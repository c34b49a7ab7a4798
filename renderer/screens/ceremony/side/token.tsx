import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import type { ReactElement } from 'react';
import type { CeremonyView } from '../../../../core/ceremony/view-model';
import type { PinState } from '../../../../core/contract/token-values';
import { Facts, type Fact } from '../../../parts/facts';
import { inGroups } from '../../../parts/in-groups';
import { Panel } from '../../../parts/panel';
import { text } from '../../../text/text';

const MARKS: Readonly<Record<PinState, StatusIndicatorProps.Type>> = {
  ok: 'success',
  countLow: 'warning',
  finalTry: 'error',
  locked: 'stopped',
};

function isPinState(value: string): value is PinState {
  return Object.hasOwn(MARKS, value);
}

function PinTries({ state }: { readonly state: string }): ReactElement {
  if (!isPinState(state)) return <span>{text.stage.notRead}</span>;
  return <StatusIndicator type={MARKS[state]}>{text.stage.pins[state]}</StatusIndicator>;
}

function factsOf(token: NonNullable<CeremonyView['token']>): readonly Fact[] {
  return [
    { name: text.stage.serial, value: inGroups(token.serial), mono: true },
    { name: text.stage.label, value: token.label },
    { name: text.stage.pinTries, value: <PinTries state={token.pinState} /> },
    { name: text.stage.loggedIn, value: token.loggedIn === null ? text.stage.loggedOut : text.stage.users[token.loggedIn] },
    { name: text.stage.key, value: token.keyLabel, mono: true },
    { name: text.stage.checkValue, value: token.checkValue, mono: true },
  ].filter((fact) => fact.value !== '');
}

export function Token({ token }: { readonly token: CeremonyView['token'] }): ReactElement {
  return (
    <Panel title={text.stage.token}>
      {token === null ? <p>{text.stage.noToken}</p> : <Facts stacked facts={factsOf(token)} />}
    </Panel>
  );
}
