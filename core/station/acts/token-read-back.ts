import { createHash } from 'node:crypto';
import { canonical } from '../../evidence/canonical';
import { success, type Result } from '../../contract/result';
import { CHECK_VALUE_METHODS } from '../../keys/check-value';
import type { Check, ShowBlock } from '../../keys/evidence';
import { keyRecord, secretKeyFingerprint } from '../../keys/fingerprint';
import type { KeyPlan } from '../../keys/template';
import type { AttributeReading, CheckValue, TokenPort } from '../../pkcs11/port';
import { sha256Text } from '../../pack/sha256';
import { check, facts, jsonArtefact, outcome } from './act';
import { onPlannedKey } from './planned-key';
import { words } from './token-plan';

/** Every attribute as the token holds it, against the approved template. */
export const tokenReadBack = onPlannedKey(async (port, plan) => {
  const readings = await port.readBack(plan);
  if (!readings.ok) return readings;
  return success(
    outcome({
      checks: [attributesEqual(readings.value)],
      show: blocks(readings.value, plan),
      artefacts: [jsonArtefact('attributes.json', canonical(readings.value))],
    }),
  );
});

function attributesEqual(readings: readonly AttributeReading[]): Check {
  const rows = readings.flatMap((reading) => reading.rows);
  const different = rows.filter(({ ok }) => !ok).map(({ name }) => name);
  const got = different.length === 0 ? `${rows.length} equal` : `${different.length} differ: ${different.join(', ')}`;
  return check('CER-ATTRIBUTES', rows.length > 0 && different.length === 0, `${rows.length} equal`, got);
}

function blocks(readings: readonly AttributeReading[], plan: KeyPlan): ShowBlock[] {
  const read = readings.map((reading): ShowBlock => ({
    kind: 'attributes',
    title: `Attributes of the ${reading.class} key`,
    rows: reading.rows.map(({ name, wanted, got, ok }) => ({ name, wanted: words(wanted), got: words(got), ok })),
  }));
  const unprovable = plan.objects.flatMap(({ unprovable: rows }) => rows.map(({ name, reason }) => [name, reason] as const));
  return unprovable.length === 0 ? read : [...read, facts('Not provable with this module', unprovable)];
}

/** What the key must not do is asked of the token, and each refusal is a line. */
export const negativeTests = onPlannedKey(async (port, plan) => {
  const checks = await port.negativeTests(plan);
  if (!checks.ok) return checks;
  const rows = checks.value.map(({ rule, wanted, got, ok }) => ({ name: rule, wanted, got, ok }));
  return success(outcome({ checks: checks.value, show: [{ kind: 'attributes', title: 'What must be refused', rows }] }));
});

interface Identity {
  readonly checkValue: CheckValue;
  readonly fingerprint: string;
  readonly publicKey: Uint8Array | null;
}

/** Check value and fingerprint: of the public key for a pair, of the key's record for a secret key. */
async function identify(port: TokenPort, plan: KeyPlan, readings: readonly AttributeReading[]): Promise<Result<Identity>> {
  const checkValue = await port.checkValue(plan);
  if (!checkValue.ok) return checkValue;
  const publicKey = await port.publicKey(plan);
  if (!publicKey.ok) return publicKey;
  const fingerprint = publicKey.value
    ? createHash('sha256').update(publicKey.value).digest('hex')
    : secretKeyFingerprint(keyRecord(plan, checkValue.value, readings), sha256Text);
  return success({ checkValue: checkValue.value, fingerprint, publicKey: publicKey.value });
}

/** A plan that names the check value of its key, as the authorisation of a destruction does, means that key and no other. */
function authorisedValue(authorised: string | undefined, { value }: CheckValue): Check[] {
  if (authorised === undefined) return [];
  return [check('CER-CHECK-VALUE', value.toUpperCase() === authorised.toUpperCase(), authorised, value)];
}

/** Takes the check value, its method named, and the fingerprint that will be read aloud. */
export const tokenCheckValue = onPlannedKey(async (port, plan, context) => {
  const readings = await port.readBack(plan);
  if (!readings.ok) return readings;
  const identity = await identify(port, plan, readings.value);
  if (!identity.ok) return identity;
  const { checkValue, fingerprint, publicKey } = identity.value;
  const method = Object.entries(CHECK_VALUE_METHODS).find(([name]) => name === checkValue.method)?.[1] ?? checkValue.method;
  const record = canonical(keyRecord(plan, checkValue, readings.value));
  return success(
    outcome({
      data: { method: checkValue.method, checkValue: checkValue.value },
      checks: authorisedValue(context.state.genesis.data.inputs['checkValue'], checkValue),
      show: [
        facts('Key check value', [
          ['Value', checkValue.value, true],
          ['Method', checkValue.method],
          ['That is', method],
        ]),
        {
          kind: 'fingerprint',
          title: publicKey ? 'SHA-256 of the public key' : 'SHA-256 of the key record',
          digest: fingerprint,
        },
      ],
      values: { 'key.checkValue': `${checkValue.method} ${checkValue.value}`, 'key.fingerprint': fingerprint },
      artefacts: [jsonArtefact('key-record.json', record), ...(publicKey ? [{ name: 'public-key.der', bytes: publicKey }] : [])],
    }),
  );
});

/** Finds the key again in a session of its own and reads the same. */
export const secondSession = onPlannedKey(async (port, plan, context) => {
  const readings = await port.readBackInSecondSession(plan);
  if (!readings.ok) return readings;
  const identity = await identify(port, plan, readings.value);
  if (!identity.ok) return identity;
  const wanted = context.state.values['key.fingerprint'] ?? '';
  const { fingerprint, checkValue } = identity.value;
  return success(
    outcome({
      checks: [check('CER-SECOND-SESSION', fingerprint === wanted, wanted, fingerprint), attributesEqual(readings.value)],
      show: [
        facts('Second session', [
          ['Fingerprint', fingerprint, true],
          [`Check value (${checkValue.method})`, checkValue.value, true],
        ]),
      ],
    }),
  );
});

/** One use of the key on a random challenge, and back. */
export const functionalTest = onPlannedKey(async (port, plan) => {
  const done = await port.functionalTest(plan);
  if (!done.ok) return done;
  const { method, challengeSha256, ok } = done.value;
  return success(
    outcome({
      data: { method, challengeSha256 },
      checks: [
        check('CER-ROUND-TRIP', ok, 'the challenge comes back', ok ? 'the challenge comes back' : 'something else comes back'),
      ],
      show: [
        facts('Functional test', [
          ['Done', method],
          ['SHA-256 of the challenge', challengeSha256, true],
        ]),
      ],
    }),
  );
});
