import { PRACTICE_PASSPHRASE, PRACTICE_PINS } from '../contract/fixed-words';
import { REHEARSAL_ACCOUNT, REHEARSAL_CALLER_ARN } from './kms/identity';

/**
 * The PINs and the passphrase of rehearsals. They are no secrets: the screen shows them, so that people practise entering
 * something rather than clicking through. Officers made with this passphrase are marked and refused in production.
 */
export const PRACTICE = {
  soPin: PRACTICE_PINS.so,
  userPin: PRACTICE_PINS.user,
  passphrase: PRACTICE_PASSPHRASE,
} as const;

/** The seven people of a rehearsal, by the seat they are made for. */
export const PRACTICE_OFFICERS = [
  { seat: 'CA', name: 'Ada Practice' },
  { seat: 'IW', name: 'Ines Practice' },
  { seat: 'SO', name: 'Sol Practice' },
  { seat: 'CO1', name: 'Cora Practice' },
  { seat: 'CO2', name: 'Colin Practice' },
  { seat: 'AO', name: 'Alan Practice' },
  { seat: 'AA', name: 'Anna Practice' },
] as const;

/** What suits SoftHSM and the rehearsal KMS: SoftHSM wraps with SHA-1 only, and the account is no AWS account. */
export const PRACTICE_INPUTS = {
  wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
  awsAccount: REHEARSAL_ACCOUNT,
  awsPrincipal: REHEARSAL_CALLER_ARN,
} as const;
