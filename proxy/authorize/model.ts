import type { Context, EntityJson, StatefulAuthorizationCall, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import { accountIn, isServiceCaller, regionIn } from './caller';
import type { AuthorizationQuery } from './query';
import { shortServiceName } from './via-service';

/** Members with a value that is not ''. Policies ask for the others with `has`. */
function present(members: Readonly<Record<string, string>>): Context {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== ''));
}

/** The context of resources/policies/xks.cedarschema. Nothing in it depends on time, so equal queries have equal answers. */
function contextOf({ api, kmsOperation, kmsKeyArn, via, vpc, vpce }: AuthorizationQuery): Context {
  const kmsKey = { kmsKeyArn, kmsKeyAccount: accountIn(kmsKeyArn), region: regionIn(kmsKeyArn) };
  const optional = { viaService: via, service: shortServiceName(via), vpc, vpce };
  if (api === 'GetKeyMetadata' && kmsKeyArn === '') return { kmsOperation, ...present(optional) };
  return { kmsOperation, ...kmsKey, ...present(optional) };
}

function callerOf({ caller }: AuthorizationQuery, uid: TypeAndId): EntityJson {
  return { uid, attrs: { arn: caller, account: accountIn(caller), isService: isServiceCaller(caller) }, parents: [] };
}

/** A query in the words of the schema, for a policy set that the engine already holds under `preparsedPolicySetId`. */
export function cedarCall(query: AuthorizationQuery, preparsedPolicySetId: string): StatefulAuthorizationCall {
  const { store, keyId, api, caller } = query;
  const principal = { type: 'Xks::Caller', id: caller };
  const resource = { type: 'Xks::Key', id: `${store}/${keyId}` };
  return {
    principal,
    action: { type: 'Xks::Action', id: api },
    resource,
    context: contextOf(query),
    entities: [callerOf(query, principal), { uid: resource, attrs: { store, keyId }, parents: [] }],
    preparsedPolicySetId,
    validateRequest: false,
  };
}
