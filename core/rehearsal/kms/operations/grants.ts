import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { findKeyByIdOrArn } from '../find-key';
import { GRANT_OPERATIONS, isGrantable } from '../grant-operations';
import { REHEARSAL_ACCOUNT } from '../identity';
import { requireState, USABLE, type KeyHere } from '../key-state';
import { reading, writing, type Call } from '../operation';
import { pageOf } from '../paging';
import { invalid, no, yes } from '../refusal';
import { contextShape, dryRunShape, grantTokensShape, keyIdShape, limitShape, markerShape } from '../shapes';
import type { StoredGrant } from '../state';
import { seconds, type Output } from '../wire';

const principalShape = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[\w+=,.@:/-]+$/);
const grantIdShape = z.string().min(1).max(128);

const createShape = z.object({
  KeyId: keyIdShape,
  GranteePrincipal: principalShape,
  RetiringPrincipal: principalShape.optional(),
  Operations: z.array(z.enum(GRANT_OPERATIONS)).min(1),
  Constraints: z.object({ EncryptionContextSubset: contextShape, EncryptionContextEquals: contextShape }).optional(),
  GrantTokens: grantTokensShape,
  Name: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[a-zA-Z0-9:/_-]+$/)
    .optional(),
  DryRun: dryRunShape,
});

/** Asked for again under the same name and with the same wishes, it answers the grant that is there. */
export const createGrant = writing(createShape, (input, call) => {
  const found = findKeyByIdOrArn(call, input.KeyId);
  if (!found.ok) return found;
  const { key, here, arn } = found.value;
  const ready = requireState(found.value, call.now, [...USABLE, 'Unavailable']);
  if (!ready.ok) return ready;
  const misfit = input.Operations.find((operation) => !isGrantable(operation, key.usage, key.spec));
  if (misfit !== undefined) return invalid(`Grant operation ${misfit} is not supported for ${arn}`);
  const wanted = grantOf(input, call);
  const same = here.grants.find((grant) => grant.name !== '' && isSameGrant(grant, wanted));
  if (!same) here.grants.push(wanted);
  const { id, token } = same ?? wanted;
  call.notes.response = { grantId: id, keyId: arn };
  return yes({ GrantId: id, GrantToken: token });
});

function grantOf(input: z.infer<typeof createShape>, call: Call): StoredGrant {
  const given = Object.entries(input.Constraints ?? {}).filter(
    (entry): entry is [string, Record<string, string>] => entry[1] !== undefined,
  );
  return {
    id: randomBytes(32).toString('hex'),
    token: `rehearsal-grant-token-${randomBytes(48).toString('base64url')}`,
    name: input.Name ?? '',
    grantee: input.GranteePrincipal,
    retiring: input.RetiringPrincipal ?? '',
    operations: [...input.Operations],
    constraints: Object.fromEntries(given),
    createdAtMs: call.now,
  };
}

function isSameGrant(one: StoredGrant, other: StoredGrant): boolean {
  const wishes = ({ name, grantee, retiring, operations, constraints }: StoredGrant) =>
    JSON.stringify([name, grantee, retiring, [...operations].sort(), constraints]);
  return wishes(one) === wishes(other);
}

const listShape = z.object({
  KeyId: keyIdShape,
  GrantId: grantIdShape.optional(),
  GranteePrincipal: principalShape.optional(),
  Limit: limitShape(100),
  Marker: markerShape.optional(),
});

export const listGrants = reading(listShape, (input, call) => {
  const found = findKeyByIdOrArn(call, input.KeyId);
  if (!found.ok) return found;
  const wanted = found.value.here.grants
    .filter(({ id }) => input.GrantId === undefined || id === input.GrantId)
    .filter(({ grantee }) => input.GranteePrincipal === undefined || grantee === input.GranteePrincipal);
  const page = pageOf(wanted, input.Limit ?? 50, input.Marker);
  if (!page.ok) return page;
  return yes({ Grants: page.value.items.map((grant) => entryOf(found.value, grant)), ...page.value.rest });
});

function entryOf({ arn }: KeyHere, grant: StoredGrant): Output {
  return {
    KeyId: arn,
    GrantId: grant.id,
    ...(grant.name === '' ? {} : { Name: grant.name }),
    CreationDate: seconds(grant.createdAtMs),
    GranteePrincipal: grant.grantee,
    ...(grant.retiring === '' ? {} : { RetiringPrincipal: grant.retiring }),
    IssuingAccount: `arn:aws:iam::${REHEARSAL_ACCOUNT}:root`,
    Operations: grant.operations,
    ...(Object.keys(grant.constraints).length === 0 ? {} : { Constraints: grant.constraints }),
  };
}

const revokeShape = z.object({ KeyId: keyIdShape, GrantId: grantIdShape, DryRun: dryRunShape });

export const revokeGrant = writing(revokeShape, ({ KeyId, GrantId }, call) => {
  const found = findKeyByIdOrArn(call, KeyId);
  return found.ok ? remove(call, found.value, GrantId) : found;
});

const retireShape = z.object({
  GrantToken: z.string().min(1).max(8192).optional(),
  KeyId: keyIdShape.optional(),
  GrantId: grantIdShape.optional(),
  DryRun: dryRunShape,
});

/** By the token alone, or by the key's ARN and the grant's id. */
export const retireGrant = writing(retireShape, ({ GrantToken, KeyId, GrantId }, call) => {
  const place = GrantToken === undefined ? { keyId: KeyId, grantId: GrantId } : placeOfToken(call, GrantToken);
  if (place === null) return no('InvalidGrantTokenException', 'The grant token is not valid.');
  if (place.keyId === undefined || place.grantId === undefined)
    return invalid('Please specify either a grant token or a key ID and a grant ID.');
  const found = findKeyByIdOrArn(call, place.keyId);
  return found.ok ? remove(call, found.value, place.grantId) : found;
});

function placeOfToken({ state, region }: Call, token: string): { keyId: string; grantId: string } | null {
  for (const { keyId, regions } of Object.values(state.keys)) {
    const grant = regions[region]?.grants.find((one) => one.token === token);
    if (grant) return { keyId, grantId: grant.id };
  }
  return null;
}

function remove(call: Call, { here, arn }: KeyHere, grantId: string) {
  if (!here.grants.some(({ id }) => id === grantId)) return no('NotFoundException', `Grant ID ${grantId} not found`);
  here.grants = here.grants.filter(({ id }) => id !== grantId);
  call.notes.response = { keyId: arn };
  return yes({});
}
