import type { AwsSeat } from '../../../core/contract/aws-settings';
import type { RunMode } from '../../../core/ceremony/view-model';

const seats: Readonly<Record<AwsSeat, { readonly title: string; readonly profile: string; readonly does: string }>> = {
  administrator: { title: 'Administrator', profile: 'Profile of the administrator', does: 'makes, names and deletes KMS keys' },
  operator: { title: 'Operator', profile: 'Profile of the operator', does: 'fetches wrapping keys and import tokens' },
  approver: { title: 'Approver', profile: 'Profile of the approver', does: 'imports and rotates' },
  user: { title: 'User', profile: 'Profile of the user', does: 'tries the key once' },
};

const tests: Readonly<Record<RunMode, string>> = {
  rehearsal: 'Who am I in a rehearsal?',
  production: 'Who am I in production?',
};

/** How this station reaches AWS, and as whom. */
export const awsText = {
  title: 'AWS',
  rehearsals: 'Rehearsals talk to',
  embedded: 'The rehearsal KMS of this station',
  embeddedHint: 'No AWS account, no network. It says of everything that it is a rehearsal; production never talks to it.',
  aws: 'AWS itself',
  awsHint: 'With the profiles below. What a rehearsal makes there is real and costs money.',
  region: 'Region that ceremonies suggest',
  regionHint: 'Such as eu-central-1.',
  regionWrong: 'This is no name of a Region.',
  profiles: 'Profiles',
  profilesHint:
    'Names from the configuration of the AWS CLI on this machine; empty for the default chain. Keyrite keeps no credentials. In production operator and approver must be two principals.',
  advanced: 'Advanced',
  endpoint: 'Endpoint',
  endpointHint: 'Empty for AWS’s own of the Region. In production only hosts of AWS, over TLS.',
  seats,
  saveFirst: 'Save first: the saved settings are what is asked.',
  tests,
  testHint: 'Asks AWS for account and principal of each profile (sts:GetCallerIdentity). Nothing is changed.',
  result: (mode: RunMode) => (mode === 'rehearsal' ? 'Who calls in a rehearsal' : 'Who calls in production'),
  columns: ['Who', 'Profile', 'Account', 'Principal', 'Region', 'Where'],
  defaultChain: 'default chain',
  atAws: 'AWS',
  atRehearsal: 'rehearsal KMS',
  failed: 'no answer',
  samePrincipal: (others: string) => `the same principal as ${others}`,
  failureOf: (seat: string, what: string) => `${seat}: ${what}`,
};
