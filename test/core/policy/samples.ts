import type { KeyPolicy } from '../../../core/policy/document';
import type { PolicyForm } from '../../../core/policy/form';
import { readPolicy, type ReadPolicy } from '../../../core/policy/read';

export const ACCOUNT = '111122223333';

export const role = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;

/** A form with everybody in it, of a symmetric key that does not expire. */
export const FORM: PolicyForm = {
  account: ACCOUNT,
  partition: 'aws',
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  administrators: [role('KeyAdmin1'), role('KeyAdmin2')],
  operatorA: [role('ceremony/OperatorA')],
  operatorB: [role('ceremony/OperatorB')],
  deletionOfMaterial: [role('ceremony/Remover')],
  users: [role('App')],
  usersVia: null,
  serviceGrants: [role('Provisioner')],
  auditors: [role('Auditor')],
  breakGlass: role('BreakGlass'),
  wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
  expiration: { model: 'never' },
  replicaRegions: [],
};

type Plain = string | number | boolean | undefined | readonly Plain[] | { readonly [name: string]: Plain };

/** A statement as JSON has it; what is undefined is left out. */
export type Part = Readonly<Record<string, Plain>>;

/** A statement that is in order, with what is to be different. */
export function statement(part: Part): Part {
  return { Effect: 'Allow', Principal: { AWS: role('App') }, Action: 'kms:Decrypt', Resource: '*', ...part };
}

export function textOf(...statements: readonly Part[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
}

export function read(text: string): ReadPolicy {
  const reading = readPolicy(text);
  if (!reading.ok) throw new Error(reading.problems.map(({ problem }) => problem).join(' '));
  return reading;
}

export function policyOf(...statements: readonly Part[]): KeyPolicy {
  return read(textOf(...statements)).policy;
}
