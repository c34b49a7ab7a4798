import { aliasArn, keyArn, REHEARSAL_ACCOUNT } from './identity';
import { keyIn, type KeyHere } from './key-state';
import type { Call } from './operation';
import { authorize } from './policy';
import { no, yes, type Answer } from './refusal';

const KEY_ID = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const ARN = /^arn:aws:kms:([a-z0-9-]+):(\d{12}):(?:key\/([^/]+)|(alias\/.+))$/;

/**
 * The key that `named` names, by id, ARN, alias name or alias ARN, and that the caller may do `action` with. It is noted for the trail.
 * Errors: NotFoundException with the words of AWS, InvalidArnException, AccessDeniedException.
 */
export function findKey(call: Call, named: string, action = call.operation): Answer<KeyHere> {
  const keyId = idOf(call, named);
  if (!keyId.ok) return keyId;
  const found = findById(call, keyId.value);
  if (!found.ok) return found;
  call.notes.keyArns.push(found.value.arn);
  const allowed = authorize(call, found.value, action);
  return allowed.ok ? found : allowed;
}

/** As `findKey`, for operations that take no alias. */
export function findKeyByIdOrArn(call: Call, named: string): Answer<KeyHere> {
  if (named.startsWith('alias/')) return no('NotFoundException', `Invalid keyId '${named}'`);
  if (named.includes(':alias/')) return no('InvalidArnException', `${named} is not a valid key ARN.`);
  return findKey(call, named);
}

function findById(call: Call, keyId: string): Answer<KeyHere> {
  const key = call.state.keys[keyId];
  const found = key ? keyIn(call.state, key, call.region) : null;
  return found ? yes(found) : no('NotFoundException', `Key '${keyArn(call.region, keyId)}' does not exist`);
}

function idOf(call: Call, named: string): Answer<string> {
  if (KEY_ID.test(named)) return yes(named);
  if (named.startsWith('alias/')) return idOfAlias(call, named);
  if (!named.startsWith('arn:')) return no('NotFoundException', `Invalid keyId '${named}'`);
  const [, region, account, keyId, alias] = ARN.exec(named) ?? [];
  if (region === undefined) return no('InvalidArnException', `${named} is not a valid ARN`);
  if (region !== call.region) return no('NotFoundException', `Invalid arn ${region}`);
  if (account !== REHEARSAL_ACCOUNT) return no('NotFoundException', `Key '${named}' does not exist`);
  if (alias !== undefined) return idOfAlias(call, alias);
  return keyId !== undefined && KEY_ID.test(keyId) ? yes(keyId) : no('NotFoundException', `Invalid keyId '${keyId ?? ''}'`);
}

function idOfAlias(call: Call, name: string): Answer<string> {
  const alias = call.state.aliases.find((entry) => entry.region === call.region && entry.name === name);
  return alias ? yes(alias.keyId) : no('NotFoundException', `Alias ${aliasArn(call.region, name)} is not found.`);
}
