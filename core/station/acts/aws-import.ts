import { canonical } from '../../evidence/canonical';
import { failure, success, type Result } from '../../contract/result';
import type { ShowBlock } from '../../keys/evidence';
import { NEVER, NOBODY } from '../../keys/expiry';
import type { KmsKey, KmsPort } from '../../kms/port';
import { check, facts, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { tokenFile } from './aws-parameters';
import { importDigest, importPlan, type ImportPlan, type PlannedImport } from './import-plan';
import { awsCommands, type AwsCommand } from './aws-commands';
import { inDoubt } from './in-doubt';
import { ownArtefact } from './own-artefact';
import { readPrivately } from './private-file';
import { sha256Bytes } from '../../pack/sha256';
import { untilState } from './wait-for-kms';

/** Writes out what KMS will be asked for. The approver approves its digest; nothing of it is left to a default of KMS. */
export const awsPlanImport: Act = async (context) => {
  const blobs = await blobDigests(context);
  if (!blobs.ok) return blobs;
  const plan = importPlan(context.state, blobs.value, context.now());
  if (!plan.ok) return plan;
  const expiry = context.state.values['expiry'] ?? '';
  const owned = expiry === NEVER || plan.value.owner !== NOBODY;
  return success(
    outcome({
      values: { 'import.digest': importDigest(plan.value) },
      checks: [
        check(
          'CER-EXPIRY-OWNED',
          owned,
          'never, or a person who owns the date',
          expiry === NEVER ? NEVER : `${expiry}, ${plan.value.owner}`,
        ),
      ],
      show: [...plan.value.imports.map(importFacts), awsCommands(plan.value.imports.map(importCommand))],
      artefacts: [jsonArtefact('import-plan.json', canonical(plan.value))],
    }),
  );
};

function importCommand(one: PlannedImport): AwsCommand {
  return {
    act: 'importKeyMaterial',
    region: one.region,
    request: { ...importRequest(one), importToken: new Uint8Array(), encryptedKeyMaterial: new Uint8Array() },
    files: { ImportToken: tokenFile(one), EncryptedKeyMaterial: `wrapped-key-${one.n}.bin` },
  };
}

function importRequest({ keyArn, expiration, importType, materialDescription }: PlannedImport) {
  return { keyId: keyArn, expiration, importType, materialDescription, materialId: null };
}

async function blobDigests(context: ActContext): Promise<Result<readonly string[]>> {
  const digests: string[] = [];
  for (const index of (context.state.artefacts['bundle.readBack'] ?? []).keys()) {
    const blob = await ownArtefact(context, 'bundle.readBack', index);
    if (!blob.ok) return blob;
    digests.push(sha256Bytes(blob.value));
  }
  return success(digests);
}

function importFacts(one: PlannedImport): ShowBlock {
  return facts(`Import ${one.n}`, [
    ['KMS key', one.keyArn, true],
    ['Region', one.region],
    ['SHA-256 of the wrapped key', one.blobSha256, true],
    ['SHA-256 of the import token', one.importTokenSha256, true],
    ['Expires', one.expiration.model === 'never' ? 'never' : one.expiration.validTo],
    ['Import type', one.importType ?? 'not sent: this kind of key has one material for life'],
    ['Description of the material', one.materialDescription ?? ''],
  ]);
}

/** The import as it was approved; refused unless its digest is the one that was signed. */
export async function approvedImport(context: ActContext): Promise<Result<ImportPlan>> {
  const text = await ownArtefact(context, 'aws.planImport');
  if (!text.ok) return text;
  const plan = JSON.parse(new TextDecoder().decode(text.value)) as ImportPlan;
  return importDigest(plan) === context.state.values['import.digest']
    ? success(plan)
    : failure('ceremony.differs', { what: 'import' });
}

/** One ImportKeyMaterial, with the blob of the BACK bundle and the token that stayed here. */
export async function importOne(context: ActContext, kms: KmsPort, one: PlannedImport) {
  const blob = await ownArtefact(context, 'bundle.readBack', one.n - 1);
  if (!blob.ok) return blob;
  if (sha256Bytes(blob.value) !== one.blobSha256) return failure('ceremony.differs', { what: 'wrapped key' });
  const importToken = await readPrivately(context.privateFolder, tokenFile(one), one.importTokenSha256);
  if (!importToken.ok) return importToken;
  return kms.importKeyMaterial({ ...importRequest(one), importToken: importToken.value, encryptedKeyMaterial: blob.value });
}

/** ImportKeyMaterial, once, with the first set; then KMS’s own word on what the key is now. */
export const awsImport: Act = async (context) => {
  const plan = await approvedImport(context);
  if (!plan.ok) return plan;
  const first = plan.value.imports[0];
  if (first === undefined) return failure('ceremony.notNow', { waitingFor: 'sets' });
  const kms = await context.kms(first.region, 'approver');
  if (!kms.ok) return kms;
  const imported = await importOne(context, kms.value, first);
  if (!imported.ok) return imported;
  const key = await untilState(kms.value, first.keyArn, ['Enabled']);
  if (!key.ok) return inDoubt('ImportKeyMaterial', key.error);
  const { materialId } = imported.value.value;
  return success(
    outcome({
      data: { keyArn: first.keyArn, materialId, requestId: imported.value.requestId },
      checks: stateChecks(key.value, first),
      show: [importedFacts(first, materialId, imported.value.requestId, key.value)],
    }),
  );
};

export function stateChecks(key: KmsKey, { expiration }: PlannedImport) {
  const wanted = expiration.model === 'never' ? 'never' : expiration.validTo;
  const got = key.expiration === null ? 'not said' : key.expiration.model === 'never' ? 'never' : key.expiration.validTo;
  return [
    check('CER-KMS-STATE', key.state === 'Enabled', 'Enabled', key.state),
    check('CER-EXPIRATION', Date.parse(got) === Date.parse(wanted) || got === wanted, wanted, got),
  ];
}

function importedFacts(one: PlannedImport, materialId: string | null, requestId: string, key: KmsKey): ShowBlock {
  return facts(`AWS accepted import ${one.n}`, [
    ['KMS key', one.keyArn, true],
    ['State', key.state],
    ['KeyMaterialId', materialId ?? '', true],
    ['Expires', one.expiration.model === 'never' ? 'never' : one.expiration.validTo],
    ['Request id', requestId, true],
    ['What this is', 'AWS accepted the import. That AWS holds this HSM’s key is what the next step proves.'],
  ]);
}

/** The same material into every replica. KMS takes no other than the primary’s, so a repeat is harmless. */
export const awsImportReplicas: Act = async (context) => {
  const plan = await approvedImport(context);
  if (!plan.ok) return plan;
  const show: ShowBlock[] = [];
  const checks = [];
  for (const one of plan.value.imports) {
    const kms = await context.kms(one.region, 'approver');
    if (!kms.ok) return kms;
    const imported = await importOne(context, kms.value, one);
    if (!imported.ok) return imported;
    const key = await untilState(kms.value, one.keyArn, ['Enabled']);
    if (!key.ok) return key;
    checks.push(...stateChecks(key.value, one));
    show.push(importedFacts(one, imported.value.value.materialId, imported.value.requestId, key.value));
  }
  return success(outcome({ data: { imported: plan.value.imports.length }, checks, show }));
};
