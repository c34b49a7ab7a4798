import { canonical, type Json } from '../../evidence/canonical';
import { success, type Result } from '../../contract/result';
import type { Check } from '../../keys/evidence';
import type { Answered } from '../../kms/answered';
import type { CreateXksKeyRequest, KmsKey, KmsPort } from '../../kms/port';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { awsCommands } from './aws-commands';
import { CEREMONY_TAG } from './kms-plan';
import { policyForm } from './ours-by-plan';
import { ownArtefact } from './own-artefact';
import { storeIdOf, storePlan } from './store-plan';

/** It may appear in CloudTrail in the clear, as all descriptions do (KMS API Reference). */
function descriptionOf(ceremonyId: string): string {
  return `Key of an external key store, set up by Keyrite, ceremony ${ceremonyId}`;
}

async function keyRequest(context: Pick<ActContext, 'state' | 'packFolder'>): Promise<Result<CreateXksKeyRequest>> {
  const policy = await ownArtefact(context, 'aws.planPolicy');
  if (!policy.ok) return policy;
  const { ceremonyId } = context.state.genesis.data;
  return success({
    storeId: storeIdOf(context.state),
    xksKeyId: storePlan(context.state).keyLabel,
    description: descriptionOf(ceremonyId),
    policy: new TextDecoder().decode(policy.value),
    tags: [{ key: CEREMONY_TAG, value: ceremonyId }],
  });
}

/** The KMS key as it will be asked for: its pairing with the HSM key is for ever. */
export const awsPlanStoreKey: Act = async (context) => {
  const request = await keyRequest(context);
  if (!request.ok) return request;
  const { region, account } = storePlan(context.state);
  const alias = context.state.genesis.data.inputs['alias'] ?? 'none';
  const text = canonical({
    format: 'keyrite-xks-key-plan-1',
    region,
    alias,
    request: request.value as unknown as Json,
  });
  return success(
    outcome({
      values: { 'kmsKey.digest': sha256Text(text) },
      show: [
        facts('KMS key to be created', [
          ['Account', account, true],
          ['Region', region],
          ['Origin', 'EXTERNAL_KEY_STORE; this cannot be changed'],
          ['Key store', request.value.storeId, true],
          ['XksKeyId', request.value.xksKeyId, true],
          ['Alias', alias],
          ['SHA-256 of the policy', context.state.values['keyPolicy.digest'] ?? '', true],
        ]),
        awsCommands([{ act: 'createXksKey', region, request: request.value }]),
      ],
      artefacts: [jsonArtefact('kms-key-plan.json', text)],
    }),
  );
};

/** CreateKey for the external key, once: KMS asks the proxy for its metadata. */
export const awsCreateStoreKey: Act = async (context) => {
  const request = await keyRequest(context);
  if (!request.ok) return request;
  const kms = await context.kms(storePlan(context.state).region, 'administrator');
  if (!kms.ok) return kms;
  const made = await kms.value.createXksKey(request.value);
  return made.ok ? success(described(made.value, request.value)) : made;
};

function described({ value: key, requestId }: Answered<KmsKey>, request: CreateXksKeyRequest) {
  const pair = `${key.keyStore?.storeId ?? 'no store'} / ${key.keyStore?.xksKeyId ?? 'no key'}`;
  const wanted = `${request.storeId} / ${request.xksKeyId}`;
  const checks: Check[] = [
    check('CER-KMS-ORIGIN', key.origin === 'EXTERNAL_KEY_STORE', 'EXTERNAL_KEY_STORE', key.origin),
    check('CER-KMS-STATE', key.state === 'Enabled', 'Enabled', key.state),
    check('CER-XKS-PAIRING', pair === wanted, wanted, pair),
  ];
  return outcome({
    data: { keyId: key.keyId, keyArn: key.arn, state: key.state, requestId, xksKeyId: request.xksKeyId },
    values: { 'kms.keyArn': key.arn },
    checks,
    show: [
      facts('KMS key created', [
        ['ARN', key.arn, true],
        ['State', key.state],
        ['Key store', key.keyStore?.storeId ?? '', true],
        ['XksKeyId', key.keyStore?.xksKeyId ?? '', true],
        ['Request id', requestId, true],
      ]),
    ],
  });
}

/** Is a key that was found by the tag the one this ceremony asked for? Anybody can set a tag: pairing, description and policy decide. */
export async function isOurStoreKey(
  context: Pick<ActContext, 'state' | 'packFolder'>,
  kms: KmsPort,
  key: KmsKey,
): Promise<Result<boolean>> {
  const request = await keyRequest(context);
  if (!request.ok) return request;
  const { storeId, xksKeyId, description, policy } = request.value;
  const isPaired = key.keyStore?.storeId === storeId && key.keyStore.xksKeyId === xksKeyId;
  if (!isPaired || key.description !== description) return success(false);
  const now = await kms.getKeyPolicy(key.arn);
  if (!now.ok) return now.error.code === 'aws.accessDenied' ? success(false) : now;
  return success(policyForm(now.value.value) === policyForm(policy ?? ''));
}
