import { randomBytes } from 'node:crypto';
import { failure, success, type Result } from '../../contract/result';
import type { Check, ShowBlock } from '../../keys/evidence';
import type { KmsPort } from '../../kms/port';
import { sha256Bytes } from '../../pack/sha256';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { approvedImport, importOne, stateChecks } from './aws-import';
import type { PlannedImport } from './import-plan';
import { kmsPlan, type KmsPlan } from './kms-plan';
import { untilState } from './wait-for-kms';
import { proofChallenge } from './wrapping-keys';

/** What was held against what, and what that does and does not show: the report words it exactly so. */
interface Proof {
  readonly checks: readonly Check[];
  readonly proven: string;
  readonly notProven: string;
  readonly requestIds: readonly string[];
}

/** Holds what KMS has against what the HSM said: by MAC, by public key, or, for AES, by a second import of the same key. */
export const awsProve: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const imports = await approvedImport(context);
  if (!imports.ok) return imports;
  const first = imports.value.imports[0];
  if (first === undefined) return failure('ceremony.notNow', { waitingFor: 'sets' });
  const kms = await context.kms(first.region, 'approver');
  if (!kms.ok) return kms;
  const user = await context.kms(first.region, 'user');
  if (!user.ok) return user;
  const proof = await prove(context, plan.value, { approver: kms.value, user: user.value }, imports.value.imports);
  if (!proof.ok) return proof;
  const { checks, proven, notProven, requestIds } = proof.value;
  return success(
    outcome({
      data: { requestIds: [...requestIds] },
      values: { 'set.validTo': '' },
      checks,
      show: [statement(proven, notProven, requestIds)],
    }),
  );
};

function statement(proven: string, notProven: string, requestIds: readonly string[]): ShowBlock {
  return facts('What was proven', [
    ['Proven', proven],
    ['Not proven', notProven],
    ['Request ids', requestIds.join(' '), true],
  ]);
}

/** Importing is the approver's, using the key a user's: a policy with separated duties lets neither do the other. */
interface Callers {
  readonly approver: KmsPort;
  readonly user: KmsPort;
}

function prove(context: ActContext, plan: KmsPlan, kms: Callers, imports: readonly PlannedImport[]): Promise<Result<Proof>> {
  const proof = context.state.data['bundle.readBack']?.['proof'] as
    | { kind: 'mac'; challenge: string; mac: string }
    | { kind: 'publicKey'; spkiSha256: string }
    | { kind: 'doubleWrap' }
    | undefined;
  switch (proof?.kind) {
    case 'mac':
      return byMac(plan, kms.user, imports, { ...proof, due: dueChallenge(context) });
    case 'publicKey':
      return byPublicKey(kms.user, imports, proof.spkiSha256);
    default:
      return bySecondImport(context, kms, imports);
  }
}

/** Nobody chose it: it follows from the OUT bundle that this station wrote. */
function dueChallenge({ state }: ActContext): string {
  return Buffer.from(proofChallenge(state.values['out.digest'] ?? '')).toString('hex');
}

async function byMac(
  plan: KmsPlan,
  kms: KmsPort,
  imports: readonly PlannedImport[],
  { challenge, mac, due }: { challenge: string; mac: string; due: string },
): Promise<Result<Proof>> {
  const algorithm = plan.spec.replace('HMAC_', 'HMAC_SHA_');
  const answer = await kms.generateMac({ keyId: imports[0]?.keyArn ?? '', algorithm, message: Buffer.from(challenge, 'hex') });
  if (!answer.ok) return answer;
  const got = Buffer.from(answer.value.value).toString('hex');
  return success({
    checks: [
      check('CER-PROOF-CHALLENGE', challenge === due, due, challenge),
      check('CER-PROOF-MAC', got === mac, `${mac.slice(0, 16)}…, made by the HSM`, `${got.slice(0, 16)}…, made by KMS`),
    ],
    proven: 'KMS and the HSM compute the same MAC of a challenge that follows from the OUT bundle: KMS holds this HSM’s key.',
    notProven: 'That no copy exists elsewhere: an HSM key that may be wrapped may be wrapped again.',
    requestIds: [answer.value.requestId],
  });
}

async function byPublicKey(kms: KmsPort, imports: readonly PlannedImport[], spkiSha256: string): Promise<Result<Proof>> {
  const answer = await kms.getPublicKey(imports[0]?.keyArn ?? '');
  if (!answer.ok) return answer;
  const got = sha256Bytes(answer.value.value.spki);
  return success({
    checks: [check('CER-PROOF-PUBLIC-KEY', got === spkiSha256, spkiSha256, got)],
    proven:
      'The public key that KMS derived from the imported private key is the HSM’s, byte for byte: KMS holds this HSM’s key.',
    notProven: 'That no copy exists elsewhere: an HSM key that may be wrapped may be wrapped again.',
    requestIds: [answer.value.requestId],
  });
}

/** KMS never shows an AES key or anything made of it alone. It accepts only identical material a second time: two blobs, wrapped apart, hold one key. */
async function bySecondImport(
  context: ActContext,
  { approver, user }: Callers,
  imports: readonly PlannedImport[],
): Promise<Result<Proof>> {
  const second = imports[1];
  if (second === undefined) return failure('ceremony.notNow', { waitingFor: 'second set' });
  const roundTrip = await throughKms(user, second.keyArn);
  if (!roundTrip.ok) return roundTrip;
  const again = await importOne(context, approver, second);
  if (!again.ok) return again;
  const key = await untilState(approver, second.keyArn, ['Enabled']);
  if (!key.ok) return key;
  const first = context.state.data['aws.import']?.['materialId'];
  const secondId = again.value.value.materialId ?? 'without an id';
  const firstId = typeof first === 'string' ? first : secondId;
  return success({
    checks: [
      check(
        'CER-PROOF-ROUND-TRIP',
        roundTrip.value.same,
        'the plaintext comes back',
        roundTrip.value.same ? 'the plaintext comes back' : 'something else comes back',
      ),
      check('CER-PROOF-SECOND-IMPORT', firstId === secondId, `material ${firstId}`, `material ${secondId}`),
      ...stateChecks(key.value, second),
    ],
    proven:
      'Two blobs that the HSM wrapped apart, for two wrapping keys, hold one and the same key, and KMS took both; KMS encrypts and decrypts with it.',
    notProven:
      'KMS shows nothing that could be held against the HSM key itself. That no one exchanged both blobs rests on the signatures of the bundle and on the rows that were read aloud.',
    requestIds: [...roundTrip.value.requestIds, again.value.requestId],
  });
}

async function throughKms(kms: KmsPort, keyId: string): Promise<Result<{ same: boolean; requestIds: string[] }>> {
  const plaintext = randomBytes(32);
  const context = { purpose: 'keyrite-round-trip' };
  const encrypted = await kms.encrypt({ keyId, plaintext, context, algorithm: 'SYMMETRIC_DEFAULT' });
  if (!encrypted.ok) return encrypted;
  const decrypted = await kms.decrypt({ keyId, ciphertext: encrypted.value.value, context, algorithm: 'SYMMETRIC_DEFAULT' });
  if (!decrypted.ok) return decrypted;
  return success({
    same: plaintext.equals(decrypted.value.value),
    requestIds: [encrypted.value.requestId, decrypted.value.requestId],
  });
}
