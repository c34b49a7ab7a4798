import { canonical } from '../../evidence/canonical';
import type { ProxyStatus } from '../../contract/proxy-status';
import { failure, success } from '../../contract/result';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act } from './act';
import { awsCommands } from './aws-commands';
import { credentialOf } from './proxy-credential';
import { untilProxy } from './until-proxy';
import { ownProxy } from './proxy-place';
import { storeFacts, storeOf } from './store-create';
import { storeIdOf, storePlan } from './store-plan';

/** UpdateCustomKeyStore as it will be asked for; the secret of the credential is in no command. */
export const awsPlanCredential: Act = (context) => {
  const { region } = storePlan(context.state);
  const storeId = storeIdOf(context.state);
  const id = context.state.data['proxy.credential']?.['accessKeyId'];
  const accessKeyId = typeof id === 'string' ? id : '';
  const text = canonical({ format: 'keyrite-credential-change-1', region, storeId, accessKeyId });
  const changes = { credential: { accessKeyId, secret: new Uint8Array() } };
  return Promise.resolve(
    success(
      outcome({
        values: { 'keyStore.digest': sha256Text(text) },
        show: [
          facts('What AWS KMS is told', [
            ['Key store', storeId, true],
            ['New access key id', accessKeyId, true],
            ['Before', 'both credentials are live at the proxy, so nothing is refused meanwhile'],
          ]),
          awsCommands([{ act: 'updateKeyStore', region, request: { storeId, changes } }]),
        ],
        artefacts: [jsonArtefact('credential-change.json', text)],
      }),
    ),
  );
};

/** UpdateCustomKeyStore: AWS KMS calls the proxy with the new credential first and keeps the old one where that fails. Done again it changes nothing. */
export const awsUpdateStore: Act = async (context) => {
  const kms = await context.kms(storePlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const credential = await credentialOf(context);
  if (!credential.ok) return credential;
  const storeId = storeIdOf(context.state);
  const updated = await kms.value.updateKeyStore(storeId, { credential: credential.value });
  credential.value.secret.fill(0);
  if (!updated.ok) return updated;
  const store = await storeOf(context, storeId);
  if (!store.ok) return store;
  const { accessKeyId } = credential.value;
  return success(
    outcome({
      data: { storeId, accessKeyId, updatedAt: context.now().toISOString(), requestId: updated.value.requestId },
      checks: [check('CER-STORE-CREDENTIAL', store.value.accessKeyId === accessKeyId, accessKeyId, store.value.accessKeyId)],
      show: [storeFacts('Key store', store.value, updated.value.requestId)],
    }),
  );
};

/** How long an old credential is watched, ms. AWS KMS takes up to minutes to change over everywhere. */
export const QUIET_MS = { rehearsal: 1_000, production: 15 * 60_000 } as const;
const PATIENCE_MS = 30 * 60_000;
const QUIET_NOW = 'not used any more';

/** When was the old credential used last? It may go when it has been quiet for a quarter of an hour. */
export const proxyQuietCredential: Act = async (context) => {
  const proxy = ownProxy(context);
  if (!proxy.ok) return proxy;
  const now = context.state.data['aws.updateStore']?.['accessKeyId'];
  const { storeName } = storePlan(context.state);
  const quietMs = QUIET_MS[context.state.runMode];
  const updated = context.state.data['aws.updateStore']?.['updatedAt'];
  const updatedAt = typeof updated === 'string' ? Date.parse(updated) : NaN;
  if (typeof now !== 'string' || Number.isNaN(updatedAt)) return failure('ceremony.notNow', { waitingFor: 'updateStore' });
  const isOld = ({ store, accessKeyId }: { store: string; accessKeyId: string }): boolean =>
    store === storeName && accessKeyId !== now;
  // what a proxy saw before it was started anew, it does not know
  const busyOf = ({ credentials, uptimeSeconds }: ProxyStatus) => {
    const at = context.now().getTime();
    const watchedFrom = Math.max(updatedAt, at - uptimeSeconds * 1000);
    return credentials
      .filter(isOld)
      .filter(({ lastUsed }) => at - Math.max(watchedFrom, Date.parse(lastUsed ?? '') || 0) <= quietMs);
  };
  const status = await untilProxy(proxy.value, (seen) => busyOf(seen).length === 0, PATIENCE_MS);
  if (!status.ok) return status;
  const old = status.value.credentials.filter(isOld);
  const busy = busyOf(status.value).map(({ accessKeyId }) => accessKeyId);
  // none to watch: this proxy is another store's, or has lost the credential already, and saw nothing either way
  const seen = old.length === 0 ? 'no older credential at this proxy' : busy.join(', ') || QUIET_NOW;
  return success(
    outcome({
      data: { old: old.map(({ accessKeyId }) => accessKeyId) },
      checks: [check('CER-CREDENTIAL-QUIET', seen === QUIET_NOW, QUIET_NOW, seen)],
      show: [
        {
          kind: 'table',
          title: 'Credentials at the proxy',
          columns: ['Access key id', 'In use since', 'Used last'],
          rows: status.value.credentials.map(({ accessKeyId, since, lastUsed }) => [
            accessKeyId,
            since ?? '',
            lastUsed ?? 'never',
          ]),
          empty: 'None.',
        },
      ],
    }),
  );
};
