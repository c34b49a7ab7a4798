import { failure, success, type Result } from '../contract/result';
import type { CeremonyState } from '../ceremony/state';
import type { EventData } from '../ceremony/events';
import type { TokenPort } from '../pkcs11/port';
import { newTokenLabel } from './acts/token-initialise';

/** How often the effect of an interrupted act is found on the token, and what goes into its result if it is adopted. */
export interface Traces {
  readonly hits: number;
  readonly found: EventData<'inspected'>['found'];
}

/** Looks at the token instead of guessing. One look per kind of act that must not happen twice. */
export async function inspectToken(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const { pending } = state;
  switch (pending?.operation) {
    case 'token.generate':
      return generatedObjects(state, port);
    case 'token.destroy':
      return destroyedObjects(state, port);
    case 'token.initialise':
      return initialisedTokens(state, port);
    case 'token.setUserPin':
      return pinSet(state, port);
    default:
      return failure('ceremony.notNow');
  }
}

function plannedId(state: CeremonyState): string {
  const ckaId = state.pending?.details['ckaId'];
  return typeof ckaId === 'string' ? ckaId : '';
}

/** Whole and alone is one hit; a half pair or a second object with the id is more than one: nobody can say what it is. */
async function generatedObjects(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const objects = await port.find({ ckaId: plannedId(state) });
  if (!objects.ok) return objects;
  const plan = state.data['token.plan']?.['plan'] as { objects?: readonly unknown[] } | undefined;
  const planned = plan?.objects?.length ?? 1;
  const whole = objects.value.length === planned;
  return success({ hits: objects.value.length === 0 ? 0 : whole ? 1 : 2, found: { objects: objects.value.length } });
}

async function destroyedObjects(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const objects = await port.find({ ckaId: plannedId(state) });
  return objects.ok ? success({ hits: objects.value.length === 0 ? 1 : 0, found: { objects: objects.value.length } }) : objects;
}

async function initialisedTokens(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const { token, ceremonyId } = state.genesis.data;
  const tokens = await port.list({ modulePath: token.modulePath, profile: token.profile });
  if (!tokens.ok) return tokens;
  const label = newTokenLabel(ceremonyId);
  const ours = tokens.value.filter((one) => one.label === label);
  return success({ hits: ours.length, found: { label, serial: ours[0]?.serial ?? '' } });
}

async function pinSet(state: CeremonyState, port: TokenPort): Promise<Result<Traces>> {
  const { token } = state.genesis.data;
  const opened = await port.open({ ...token, serial: state.token.serial, label: state.token.label });
  return opened.ok
    ? success({ hits: opened.value.token.userPinSet ? 1 : 0, found: { pinState: opened.value.token.userPin } })
    : opened;
}
