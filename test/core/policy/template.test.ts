import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IMPORTABLE_SPECS, usagesOf } from '../../../core/keys/kms-spec';
import { legalWrappings } from '../../../core/keys/wrapping';
import { KEY_ACTIONS } from '../../../core/policy/actions';
import { evaluate } from '../../../core/policy/evaluate';
import type { PolicyForm } from '../../../core/policy/form';
import { lintPolicy } from '../../../core/policy/lint';
import { checkLockout } from '../../../core/policy/lockout';
import { readPolicy } from '../../../core/policy/read';
import { evaluatorFor } from '../../../core/policy/simulate';
import { policyFromForm } from '../../../core/policy/template';
import { ACCOUNT, FORM, role } from './samples';

const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-2'];

/** Forms of every shape: disjoint duties of one to three roles or users, everything optional there or not. */
const forms: fc.Arbitrary<PolicyForm> = fc
  .record({
    counts: fc.array(fc.nat({ max: 3 }), { minLength: 7, maxLength: 7 }),
    hasBreakGlass: fc.boolean(),
    isShared: fc.boolean(),
    partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov'),
    path: fc.constantFrom('', 'ceremony/', 'a/b/'),
    kind: fc.constantFrom('role', 'user'),
    spec: fc.constantFrom(...IMPORTABLE_SPECS),
    pick: fc.nat(),
    via: fc.option(
      fc.record({
        services: fc.subarray(['s3', 'ebs', 'ec2'], { minLength: 1 }),
        regions: fc.subarray(REGIONS, { minLength: 1 }),
      }),
      { nil: null },
    ),
    validTo: fc.option(fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }), { nil: null }),
    replicaRegions: fc.subarray(REGIONS),
  })
  .map((made) => {
    const arn = (name: string, kind = made.kind) => `arn:${made.partition}:iam::${ACCOUNT}:${kind}/${made.path}${name}`;
    const people = (name: string, i: number, least = 0) =>
      Array.from({ length: Math.max(least, made.counts[i] ?? 0) }, (_, n) => arn(`${name}${n}`));
    const users = people('User', 4);
    const usages = usagesOf(made.spec);
    const wrappings = legalWrappings(made.spec);
    return {
      account: ACCOUNT,
      partition: made.partition,
      spec: made.spec,
      usage: usages[made.pick % usages.length]!,
      administrators: people('Admin', 0, made.hasBreakGlass ? 1 : 2),
      operatorA: people('OpA', 1, 1),
      operatorB: people('OpB', 2, 1),
      deletionOfMaterial: people('Remover', 3),
      users,
      usersVia: users.length === 0 ? null : made.via,
      serviceGrants: made.isShared ? users : people('Granter', 5),
      auditors: people('Auditor', 6),
      breakGlass: made.hasBreakGlass ? arn('BreakGlass', 'role') : null,
      wrapping: wrappings[made.pick % wrappings.length]!,
      expiration:
        made.validTo === null ? { model: 'never' } : { model: 'expires', validTo: `${made.validTo.toISOString().slice(0, 19)}Z` },
      replicaRegions: made.replicaRegions,
    };
  });

function made(form: PolicyForm) {
  const result = policyFromForm(form);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const may = (arn: string, ...names: readonly string[]) =>
    names.filter((name) => !['no', 'deny'].includes(evaluatorFor(result.policy, ACCOUNT, arn).decide(`kms:${name}`).verdict));
  return { ...result, may };
}

const MATERIAL = ['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial'];
const POWER = ['PutKeyPolicy', ...KEY_ACTIONS.manage, ...KEY_ACTIONS.delete];

describe('policyFromForm', () => {
  it('makes of every form a policy that the lint has nothing against', () => {
    fc.assert(
      fc.property(forms, (form) => {
        const { text } = made(form);
        const reading = readPolicy(text);
        expect(reading.ok && lintPolicy(reading, { callerArn: form.administrators[0]! }).findings).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the duties apart, whatever the form', () => {
    fc.assert(
      fc.property(forms, (form) => {
        const { may } = made(form);
        for (const arn of form.operatorA)
          expect(may(arn, ...MATERIAL, ...POWER, ...KEY_ACTIONS.use, 'CreateGrant', 'RotateKeyOnDemand')).toEqual([
            'GetParametersForImport',
          ]);
        for (const arn of form.operatorB)
          expect(may(arn, ...MATERIAL, ...POWER, ...KEY_ACTIONS.use, 'CreateGrant')).toEqual(['ImportKeyMaterial']);
        for (const arn of form.deletionOfMaterial)
          expect(may(arn, ...MATERIAL, ...POWER, ...KEY_ACTIONS.use)).toEqual(['DeleteImportedKeyMaterial']);
        for (const arn of form.administrators)
          expect(may(arn, ...MATERIAL, ...KEY_ACTIONS.use, 'CreateGrant', 'RotateKeyOnDemand')).toEqual([]);
        for (const arn of form.auditors)
          expect(may(arn, ...MATERIAL, ...POWER, ...KEY_ACTIONS.use, 'CreateGrant', 'RevokeGrant')).toEqual([]);
        for (const arn of form.users) expect(may(arn, ...MATERIAL, ...POWER)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('lets administrators and break-glass alone put a policy, and never locks out', () => {
    fc.assert(
      fc.property(forms, (form) => {
        const { policy } = made(form);
        const { keepers, caller, denied } = checkLockout(policy, form.administrators[0]!, ACCOUNT);
        expect(keepers.map(({ subject }) => subject.arn).toSorted()).toEqual(
          [...form.administrators, ...(form.breakGlass === null ? [] : [form.breakGlass])].toSorted(),
        );
        expect([caller, denied]).toEqual(['allow', []]);
      }),
      { numRuns: 60 },
    );
  });

  it('holds what was pinned against every other choice', () => {
    const { policy } = made({
      ...FORM,
      expiration: { model: 'expires', validTo: '2027-01-01T00:00:00Z' },
      replicaRegions: ['eu-west-1'],
    });
    const asked = (arn: string, action: string, context: Record<string, string>) =>
      evaluate(policy, { principalArn: arn, account: ACCOUNT, action: `kms:${action}`, context, otherKeys: 'absent' }).verdict;
    const [a, b, admin] = [FORM.operatorA[0]!, FORM.operatorB[0]!, FORM.administrators[0]!];
    const wrapping = { 'kms:WrappingAlgorithm': 'RSAES_OAEP_SHA_256', 'kms:WrappingKeySpec': 'RSA_4096' };
    expect(asked(a, 'GetParametersForImport', wrapping)).toBe('allow');
    expect(asked(a, 'GetParametersForImport', { ...wrapping, 'kms:WrappingKeySpec': 'RSA_2048' })).toBe('no');
    expect(asked(a, 'GetParametersForImport', {})).toBe('no');
    const expires = { 'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES' };
    expect(asked(b, 'ImportKeyMaterial', { ...expires, 'kms:ValidTo': '1798761600' })).toBe('allow');
    expect(asked(b, 'ImportKeyMaterial', { ...expires, 'kms:ValidTo': '1798761601' })).toBe('no');
    expect(asked(b, 'ImportKeyMaterial', { 'kms:ExpirationModel': 'KEY_MATERIAL_DOES_NOT_EXPIRE' })).toBe('no');
    expect(asked(b, 'ImportKeyMaterial', {})).toBe('no');
    expect(asked(admin, 'ScheduleKeyDeletion', { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' })).toBe('allow');
    expect(asked(admin, 'ScheduleKeyDeletion', { 'kms:ScheduleKeyDeletionPendingWindowInDays': '7' })).toBe('no');
    expect(asked(admin, 'ReplicateKey', { 'kms:ReplicaRegion': 'eu-west-1' })).toBe('allow');
    expect(asked(admin, 'ReplicateKey', { 'kms:ReplicaRegion': 'us-east-1' })).toBe('no');
    expect(asked(admin, 'PutKeyPolicy', { 'kms:BypassPolicyLockoutSafetyCheck': 'true' })).toBe('deny');
    expect(asked(FORM.breakGlass!, 'PutKeyPolicy', { 'aws:MultiFactorAuthPresent': 'true' })).toBe('iam');
    expect(asked(FORM.breakGlass!, 'PutKeyPolicy', {})).toBe('no');
    expect(asked(FORM.serviceGrants[0]!, 'CreateGrant', { 'kms:GrantIsForAWSResource': 'true' })).toBe('allow');
    expect(asked(FORM.serviceGrants[0]!, 'CreateGrant', { 'kms:GrantIsForAWSResource': 'false' })).toBe('no');
  });

  it('lets users come through the named services only', () => {
    const { policy } = made({ ...FORM, usersVia: { services: ['s3'], regions: ['eu-central-1', 'eu-west-1'] } });
    const asked = (context: Record<string, string>) =>
      evaluate(policy, { principalArn: role('App'), account: ACCOUNT, action: 'kms:Decrypt', context, otherKeys: 'absent' })
        .verdict;
    expect(asked({ 'kms:ViaService': 's3.eu-west-1.amazonaws.com' })).toBe('allow');
    expect(asked({ 'kms:ViaService': 'ebs.eu-west-1.amazonaws.com' })).toBe('no');
    expect(asked({})).toBe('no');
  });

  it('gives users what their kind of key can do', () => {
    const uses = (spec: PolicyForm['spec'], usage: PolicyForm['usage']) =>
      made({ ...FORM, spec, usage, wrapping: legalWrappings(spec)[0]! }).may(role('App'), ...KEY_ACTIONS.use);
    expect(uses('HMAC_256', 'GENERATE_VERIFY_MAC')).toEqual(['GenerateMac', 'VerifyMac']);
    expect(uses('ECC_NIST_P256', 'KEY_AGREEMENT')).toEqual(['DeriveSharedSecret']);
    expect(uses('RSA_4096', 'SIGN_VERIFY')).toEqual(['Sign', 'Verify']);
    expect(uses('RSA_4096', 'ENCRYPT_DECRYPT')).toEqual(['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo']);
    expect(uses('SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT')).toHaveLength(8);
  });

  it('writes no wildcard and no NotAction, and is the same text every time', () => {
    const { policy, text } = made(FORM);
    expect(policy.statements.flatMap(({ action }) => action ?? []).filter((action) => !/^kms:[A-Za-z]+$/.test(action))).toEqual(
      [],
    );
    expect(policy.statements.filter(({ notAction, notPrincipal }) => notAction !== null || notPrincipal !== null)).toEqual([]);
    expect(made(structuredClone(FORM)).text).toBe(text);
  });

  it('refuses to become larger than KMS takes', () => {
    const result = policyFromForm({ ...FORM, users: Array.from({ length: 700 }, (_, i) => role(`User${i}`)) });
    expect(!result.ok && result.problems[0]?.problem).toMatch(/^The policy would have \d+ bytes; KMS takes 32768\.$/);
  });

  it.each<readonly [string, Partial<PolicyForm>, string]>([
    ['an account of 11 digits', { account: '11112222333' }, 'account: "11112222333" is no account.'],
    ['a partition nobody knows', { partition: 'AWS' }, 'partition: "AWS" is no partition.'],
    ['a usage of another spec', { usage: 'SIGN_VERIFY' }, 'usage: A key of SYMMETRIC_DEFAULT cannot be for SIGN_VERIFY.'],
    ['a spec that is not imported', { spec: 'ML_DSA_44' as never }, 'spec: Material of ML_DSA_44 cannot be imported.'],
    [
      'a wrapping KMS does not take for the spec',
      { wrapping: { algorithm: 'RSA_AES_KEY_WRAP_SHA_256', wrappingKeySpec: 'RSA_4096' } },
      'wrapping: RSA_AES_KEY_WRAP_SHA_256 is for RSA and EC private keys. SYMMETRIC_DEFAULT fits into OAEP itself: choose RSAES_OAEP_SHA_256, or RSAES_OAEP_SHA_1 for an HSM that has no other.',
    ],
    [
      'a wrapping that is dead',
      { wrapping: { algorithm: 'RSAES_PKCS1_V1_5' as never, wrappingKeySpec: 'RSA_4096' } },
      'wrapping: There is no wrapping RSAES_PKCS1_V1_5 with RSA_4096.',
    ],
    [
      'a day that does not exist',
      { expiration: { model: 'expires', validTo: '2027-02-30T00:00:00Z' } },
      'expiration: The end of validity is no moment in UTC.',
    ],
    [
      'local time',
      { expiration: { model: 'expires', validTo: '2027-02-03T00:00:00+01:00' } },
      'expiration: The end of validity is no moment in UTC.',
    ],
    ['no administrators', { administrators: [] }, 'administrators: There is no administrator.'],
    [
      'one administrator alone',
      { administrators: [role('A')], breakGlass: null },
      'administrators: One administrator alone could change the policy.',
    ],
    ['no operator B', { operatorB: [] }, 'operatorB: There is no operator B.'],
    [
      'a group',
      { users: [`arn:aws:iam::${ACCOUNT}:group/G`] },
      `users 0: arn:aws:iam::${ACCOUNT}:group/G is an IAM group. A group is no principal: it cannot sign a request.`,
    ],
    ['everybody', { users: ['*'] }, 'users 0: "*" is everybody in every account.'],
    [
      'the root of the account',
      { auditors: [`arn:aws:iam::${ACCOUNT}:root`] },
      `auditors 0: arn:aws:iam::${ACCOUNT}:root is no user and no role.`,
    ],
    [
      'a session',
      { users: [`arn:aws:sts::${ACCOUNT}:assumed-role/App/jo`] },
      `users 0: arn:aws:sts::${ACCOUNT}:assumed-role/App/jo is a session, which ends.`,
    ],
    [
      'another account',
      { users: [role('App'), role('App', '444455556666')] },
      'users 1: arn:aws:iam::444455556666:role/App is of another account than the key.',
    ],
    [
      'another partition',
      { users: [`arn:aws-cn:iam::${ACCOUNT}:role/App`] },
      `users 0: arn:aws-cn:iam::${ACCOUNT}:role/App is not of the partition aws.`,
    ],
    [
      'a user as break-glass',
      { breakGlass: `arn:aws:iam::${ACCOUNT}:user/jo` },
      `breakGlass: arn:aws:iam::${ACCOUNT}:user/jo is a user.`,
    ],
    ['somebody twice', { users: [role('App'), role('App')] }, `users 1: ${role('App')} stands twice.`],
    [
      'both operators in one',
      { operatorB: [role('ceremony/OperatorA')] },
      `operatorB 0: ${role('ceremony/OperatorA')} would be operator A and operator B.`,
    ],
    [
      'an administrator who uses',
      { users: [role('KeyAdmin1')] },
      `users 0: ${role('KeyAdmin1')} would be administrator and user.`,
    ],
    ['services without Regions', { usersVia: { services: ['s3'], regions: [] } }, 'usersVia: Service or Region is missing.'],
    [
      'services without users',
      { users: [], usersVia: { services: ['s3'], regions: ['eu-west-1'] } },
      'usersVia: There are no users.',
    ],
    [
      'an endpoint as a service',
      { usersVia: { services: ['s3.amazonaws.com'], regions: ['eu-west-1'] } },
      'usersVia 0: "s3.amazonaws.com" is no name of a service.',
    ],
    ['no Region', { replicaRegions: ['Frankfurt'] }, 'replicaRegions 0: "Frankfurt" is no Region.'],
  ])('refuses %s', (_what, part, said) => {
    const result = policyFromForm({ ...FORM, ...part });
    const lines = result.ok
      ? []
      : result.problems.map(({ field, index, problem }) => `${field}${index === null ? '' : ` ${index}`}: ${problem}`);
    expect(lines).toContain(said);
    if (!result.ok) for (const { remedy } of result.problems) expect(remedy).toMatch(/^[A-Z].+\.$/);
  });

  it('takes a user who may also grant to services', () => {
    expect(policyFromForm({ ...FORM, serviceGrants: FORM.users }).ok).toBe(true);
  });
});
