import { createHash } from 'node:crypto';
import { failure, success, type Result } from '../../contract/result';
import type { KeyProof } from '../../bundle/manifest';
import type { Artefact, Check, ShowBlock } from '../../keys/evidence';
import type { KeyPlan } from '../../keys/template';
import type { TokenPort, WrappedKey } from '../../pkcs11/port';
import { sha256Bytes } from '../../pack/sha256';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { kmsPlan } from './kms-plan';
import { ownArtefact } from './own-artefact';
import { onPlannedKey } from './planned-key';
import { words } from './token-plan';
import { proofChallenge, takenSets, wrappingKeyName, type TakenSet } from './wrapping-keys';

const checkRows = (title: string, checks: readonly Check[]): ShowBlock => ({
  kind: 'attributes',
  title,
  rows: checks.map(({ rule, wanted, got, ok }) => ({ name: rule, wanted, got, ok })),
});

/** A throw-away key is wrapped and unwrapped again: what the module really makes, before the real key is asked for. */
export const tokenTrialWrap: Act = async ({ state, port }) => {
  const plan = kmsPlan(state);
  if (!plan.ok) return plan;
  const token = await port();
  if (!token.ok) return token;
  const { keySpec, wrapping } = plan.value;
  const checks = await token.value.trialWrap({ keySpec, wrapping });
  if (!checks.ok) return checks;
  return success(
    outcome({
      checks: checks.value,
      show: [checkRows(`Trial: ${wrapping.algorithm}, ${wrapping.wrappingKeySpec}`, checks.value)],
    }),
  );
};

/** The key must leave only under a key that the security officer marked. */
export const tokenRefusesUntrusted = onPlannedKey(async (port, plan) => {
  const checks = await port.refusesUntrusted(plan);
  if (!checks.ok) return checks;
  return success(outcome({ checks: checks.value, show: [checkRows('Who may wrap this key', checks.value)] }));
});

/** The security officer marks the wrapping keys of the bundle as trusted. A key that an interrupted run made is taken away first. */
export const tokenTrustWrappingKey: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const token = await context.port();
  if (!token.ok) return token;
  const checks: Check[] = [];
  const show: ShowBlock[] = [];
  for (const set of takenSets(context.state)) {
    const done = await trust(token.value, context, set, plan.value.wrapping.algorithm);
    if (!done.ok) return done;
    const different = done.value.filter(({ ok }) => !ok).map(({ name }) => name);
    const got = different.length === 0 ? `${done.value.length} equal` : `${different.length} differ: ${different.join(', ')}`;
    checks.push(
      check('CER-WRAPPING-KEY-TRUSTED', different.length === 0 && done.value.length > 0, `${done.value.length} equal`, got),
    );
    show.push({
      kind: 'attributes',
      title: `Wrapping key ${set.n}, for ${set.keyArn}`,
      rows: done.value.map(({ name, wanted, got: read, ok }) => ({ name, wanted: words(wanted), got: words(read), ok })),
    });
  }
  return success(outcome({ data: { trusted: checks.length }, checks, show }));
};

async function trust(
  port: TokenPort,
  context: ActContext,
  set: TakenSet,
  algorithm: Parameters<TokenPort['importWrappingKey']>[0]['algorithm'],
) {
  const spki = await ownArtefact(context, 'bundle.readOut', set.n - 1);
  if (!spki.ok) return spki;
  const name = wrappingKeyName(set.spkiSha256);
  const request = { spki: spki.value, ...name, algorithm };
  const first = await port.importWrappingKey(request);
  if (first.ok || first.error.code !== 'key.duplicate') return first.ok ? success(first.value.rows) : first;
  const removed = await port.destroy(name);
  if (!removed.ok) return removed;
  const again = await port.importWrappingKey(request);
  return again.ok ? success(again.value.rows) : again;
}

/** C_WrapKey of the approved key, once for each set, and what will prove later that KMS holds the same key. */
export const tokenWrap = onPlannedKey(async (port, plan, context) => {
  const kms = kmsPlan(context.state);
  if (!kms.ok) return kms;
  const readings = await port.readBack(plan);
  if (!readings.ok) return readings;
  // OAEP gives blobs of one length whatever is inside: another kind of key under the same id must not get this far
  if (!readings.value.every(({ rows }) => rows.every(({ ok }) => ok)))
    return failure('key.attributeDiffers', { ckaId: plan.ckaId });
  const artefacts: Artefact[] = [];
  const blobs: { n: number; size: number; sha256: string; mechanism: string; parameters: string }[] = [];
  const same: boolean[] = [];
  for (const set of takenSets(context.state)) {
    const { ckaId } = wrappingKeyName(set.spkiSha256);
    const wrapped = await port.wrapKey({ plan, wrappingKey: { ckaId }, wrapping: kms.value.wrapping });
    if (!wrapped.ok) return wrapped;
    const { blob, mechanism, parameters, spkiSha256 } = wrapped.value;
    same.push(spkiSha256 === set.spkiSha256);
    artefacts.push({ name: `wrapped-key-${set.n}.bin`, bytes: blob });
    blobs.push({ n: set.n, size: blob.length, sha256: sha256Bytes(blob), mechanism, parameters });
  }
  const proof = await proofOf(port, plan, context.state.values['out.digest'] ?? '');
  if (!proof.ok) return proof;
  const all = same.every(Boolean);
  const checks = [
    check(
      'CER-WRAPPED-UNDER',
      all && same.length > 0,
      'the keys of the OUT bundle',
      all ? 'the keys of the OUT bundle' : 'another key',
    ),
  ];
  return success(outcome({ data: { blobs, proof: proof.value }, artefacts, checks, show: blobs.map(blobFacts) }));
});

function blobFacts({
  n,
  size,
  sha256,
  mechanism,
  parameters,
}: { n: number; size: number; sha256: string } & Pick<WrappedKey, 'mechanism' | 'parameters'>): ShowBlock {
  return facts(`Wrapped key ${n}`, [
    ['Length', `${size} bytes, exactly as it must be`],
    ['SHA-256', sha256, true],
    ['Mechanism', mechanism],
    ['Parameters', parameters],
  ]);
}

async function proofOf(port: TokenPort, plan: KeyPlan, outDigest: string): Promise<Result<KeyProof>> {
  if (plan.keySpec.startsWith('HMAC_')) {
    const message = proofChallenge(outDigest);
    const mac = await port.mac({ plan, message: Uint8Array.from(message) });
    if (!mac.ok) return mac;
    return success({
      kind: 'mac',
      challenge: Buffer.from(message).toString('hex'),
      mac: Buffer.from(mac.value.mac).toString('hex'),
    });
  }
  const spki = await port.publicKey(plan);
  if (!spki.ok) return spki;
  return success(
    spki.value === null
      ? { kind: 'doubleWrap' }
      : { kind: 'publicKey', spkiSha256: createHash('sha256').update(spki.value).digest('hex') },
  );
}

/** The wrapping keys have done their work: what is not there cannot wrap again. */
export const tokenRemoveWrappingKey: Act = async ({ state, port }) => {
  const token = await port();
  if (!token.ok) return token;
  const left: string[] = [];
  let destroyed = 0;
  for (const set of takenSets(state)) {
    const name = wrappingKeyName(set.spkiSha256);
    const there = await token.value.find({ ckaId: name.ckaId });
    if (!there.ok) return there;
    if (there.value.length === 0) continue;
    const done = await token.value.destroy(name);
    if (!done.ok) return done;
    destroyed += done.value.destroyed;
    const after = await token.value.find({ ckaId: name.ckaId });
    if (!after.ok) return after;
    if (after.value.length > 0) left.push(name.label);
  }
  return success(
    outcome({
      data: { destroyed },
      checks: [
        check(
          'CER-WRAPPING-KEY-GONE',
          left.length === 0,
          'no wrapping key is left',
          left.length === 0 ? 'no wrapping key is left' : left.join(', '),
        ),
      ],
      show: [facts('Wrapping keys', [['Objects removed', String(destroyed)]])],
    }),
  );
};
