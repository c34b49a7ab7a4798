import type { Ask } from './ask';
import { grantOf, present } from './answers';
import { CALLS } from './calls';
import type { KmsPort } from './port';

type AccessCalls = Pick<
  KmsPort,
  | 'createAlias'
  | 'updateAlias'
  | 'deleteAlias'
  | 'listAliases'
  | 'getKeyPolicy'
  | 'putKeyPolicy'
  | 'createGrant'
  | 'listGrants'
  | 'revokeGrant'
>;

const nothing = (): null => null;

/** Names of a key, and who may do what with it: aliases, key policy, grants. */
export function accessCalls({ one, all }: Ask): AccessCalls {
  return {
    createAlias: (alias, keyId) => one(CALLS.createAlias({ alias, keyId }), nothing),
    updateAlias: (alias, keyId) => one(CALLS.updateAlias({ alias, keyId }), nothing),
    deleteAlias: (alias) => one(CALLS.deleteAlias({ alias }), nothing),
    listAliases: (keyId) =>
      all({ operation: 'ListAliases', input: keyId === null ? {} : { KeyId: keyId } }, ({ Aliases = [] }) =>
        Aliases.map(({ AliasName, TargetKeyId }) => ({ alias: present(AliasName, 'AliasName'), keyId: TargetKeyId ?? null })),
      ),
    getKeyPolicy: (keyId) => one(CALLS.getKeyPolicy({ keyId }), ({ Policy }) => present(Policy, 'Policy')),
    putKeyPolicy: (request) => one(CALLS.putKeyPolicy(request), nothing),
    createGrant: (request) => one(CALLS.createGrant(request), ({ GrantId }) => ({ grantId: present(GrantId, 'GrantId') })),
    listGrants: (keyId) => all({ operation: 'ListGrants', input: { KeyId: keyId } }, ({ Grants = [] }) => Grants.map(grantOf)),
    revokeGrant: (keyId, grantId) => one(CALLS.revokeGrant({ keyId, grantId }), nothing),
  };
}
