import { z } from 'zod';
import { findKey, findKeyByIdOrArn } from '../find-key';
import { aliasArn } from '../identity';
import { NOT_DELETED, requireState, type KeyHere } from '../key-state';
import { reading, writing, type Call } from '../operation';
import { pageOf } from '../paging';
import { invalid, no, yes, type Answer } from '../refusal';
import { aliasShape, keyIdShape, limitShape, markerShape } from '../shapes';
import type { State } from '../state';
import { seconds } from '../wire';

const MOST_OF_A_KEY = 50;

const pairShape = z.object({ AliasName: aliasShape, TargetKeyId: keyIdShape });

export const createAlias = writing(pairShape, ({ AliasName, TargetKeyId }, call) => {
  const named = checkName(AliasName);
  if (!named.ok) return named;
  const target = targetOf(call, TargetKeyId);
  if (!target.ok) return target;
  if (indexOf(call, AliasName) >= 0)
    return no('AlreadyExistsException', `An alias with the name ${aliasArn(call.region, AliasName)} already exists`);
  const { keyId } = target.value.key;
  if (aliasesOf(call).filter((alias) => alias.keyId === keyId).length >= MOST_OF_A_KEY)
    return no('LimitExceededException', `A key has ${MOST_OF_A_KEY} aliases at most.`);
  call.state.aliases.push({ name: AliasName, region: call.region, keyId, createdAtMs: call.now, updatedAtMs: call.now });
  call.notes.response = { keyId: target.value.arn };
  return yes({});
});

export const updateAlias = writing(pairShape, ({ AliasName, TargetKeyId }, call) => {
  const before = findKey(call, AliasName);
  if (!before.ok) return before;
  const target = targetOf(call, TargetKeyId);
  if (!target.ok) return target;
  const [was, is] = [before.value.key, target.value.key];
  if (was.usage !== is.usage || was.spec.split('_')[0] !== is.spec.split('_')[0])
    return invalid('The current and the new KMS key of an alias must be of the same type and key usage');
  const alias = call.state.aliases[indexOf(call, AliasName)];
  if (alias) Object.assign(alias, { keyId: is.keyId, updatedAtMs: call.now });
  call.notes.response = { keyId: target.value.arn };
  return yes({});
});

export const deleteAlias = writing(z.object({ AliasName: aliasShape }), ({ AliasName }, call) => {
  const found = findKey(call, AliasName);
  if (!found.ok) return found;
  call.state.aliases.splice(indexOf(call, AliasName), 1);
  call.notes.response = { keyId: found.value.arn };
  return yes({});
});

const listShape = z.object({ KeyId: keyIdShape.optional(), Limit: limitShape(100), Marker: markerShape.optional() });

export const listAliases = reading(listShape, ({ KeyId, Limit = 50, Marker }, call) => {
  const found = KeyId === undefined ? null : findKeyByIdOrArn(call, KeyId);
  if (found?.ok === false) return found;
  const wanted = aliasesOf(call).filter((alias) => found === null || alias.keyId === found.value.key.keyId);
  const page = pageOf(wanted, Limit, Marker);
  if (!page.ok) return page;
  const Aliases = page.value.items.map((alias) => ({
    AliasName: alias.name,
    AliasArn: aliasArn(alias.region, alias.name),
    TargetKeyId: alias.keyId,
    CreationDate: seconds(alias.createdAtMs),
    LastUpdatedDate: seconds(alias.updatedAtMs),
  }));
  return yes({ Aliases, ...page.value.rest });
});

function aliasesOf({ state, region }: Call): State['aliases'] {
  return state.aliases.filter((alias) => alias.region === region);
}

function indexOf({ state, region }: Call, name: string): number {
  return state.aliases.findIndex((alias) => alias.region === region && alias.name === name);
}

function checkName(name: string): Answer<null> {
  if (!name.startsWith('alias/') || name === 'alias/') return invalid('Alias must start with the prefix "alias/".');
  return name.startsWith('alias/aws/')
    ? no('NotAuthorizedException', 'Aliases that begin with alias/aws/ are reserved for AWS.')
    : yes(null);
}

function targetOf(call: Call, named: string): Answer<KeyHere> {
  const target = findKeyByIdOrArn(call, named);
  if (!target.ok) return target;
  const ready = requireState(target.value, call.now, NOT_DELETED);
  return ready.ok ? target : ready;
}
