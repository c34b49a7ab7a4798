import { RECORD_SAFE, type AreaTexts } from './error-text';

const NOTHING_DONE = 'AWS did nothing.';

/** What KMS and STS answered, or that they did not. */
export const awsTexts: AreaTexts<'aws'> = {
  'aws.noCredentials': {
    what: 'There are no AWS credentials, or they are over.',
    means: 'Nothing was asked of AWS.',
    do: 'Log in (aws sso login), or choose another AWS profile in Settings; then repeat the step.',
  },
  'aws.unreachable': {
    what: 'AWS could not be reached.',
    means: 'The request did not get there. ' + NOTHING_DONE,
    do: 'Check network, proxy and Region, then repeat the step.',
  },
  'aws.noAnswer': {
    what: 'The request was sent and its answer was lost.',
    means: 'Nobody knows whether AWS did it. Keyrite does not ask twice by itself.',
    do: 'Let Keyrite look at what AWS has now; then two of you decide.',
  },
  'aws.clockSkew': {
    what: 'AWS refuses requests with the time of this computer.',
    means: NOTHING_DONE,
    do: 'Set the clock of this station right (UTC, within five minutes), then repeat the step.',
  },
  'aws.wrongCaller': {
    what: 'The AWS account, principal or Region is not the one in the plan.',
    means: 'Nothing else was asked of AWS.',
    do: 'Choose the right AWS profile and Region in Settings, or make a new plan.',
  },
  'aws.rehearsalOnly': {
    what: 'This endpoint is not AWS KMS itself.',
    means: 'Nothing was handed to it: a false KMS would give out a wrapping key of its own.',
    do: 'Remove the endpoint in Settings, or run a rehearsal.',
  },
  'aws.rehearsalState': {
    what: 'The state of the rehearsal KMS cannot be read.',
    means: 'Its practice keys are lost to this rehearsal. Nothing of AWS is touched.',
    do: 'Keep the folder if you want to know why, and begin the rehearsal anew in another one.',
  },
  'aws.accessDenied': {
    what: 'AWS does not allow this principal to do this.',
    means: NOTHING_DONE,
    do: 'Have the key policy or the IAM policy corrected, or take the principal that the plan gives this act to.',
  },
  'aws.throttled': {
    what: 'AWS wants requests of this kind more slowly.',
    means: NOTHING_DONE,
    do: 'Wait a few seconds and repeat the step. GetParametersForImport is allowed once in four seconds.',
  },
  'aws.notFound': {
    what: 'AWS knows no such key or alias in this Region.',
    means: NOTHING_DONE,
    do: 'Compare key ARN and Region with the plan.',
  },
  'aws.invalidRequest': {
    what: 'AWS does not take these values.',
    means: NOTHING_DONE,
    do: 'Correct what AWS names below and repeat the step.',
  },
  'aws.invalidState': {
    what: 'The KMS key is in a state in which this is not possible.',
    means: NOTHING_DONE,
    do: 'Look at the state of the key under Keys; what AWS names below must be settled first.',
  },
  'aws.disabled': {
    what: 'The KMS key is disabled.',
    means: NOTHING_DONE,
    do: 'Find out why it was disabled. Enable it only if that is settled.',
  },
  'aws.unsupported': {
    what: 'AWS does not offer this for a key of this kind or origin.',
    means: NOTHING_DONE,
    do: 'Compare the key with the plan: spec, usage, origin, Region.',
  },
  'aws.limit': {
    what: 'A quota of the AWS account is used up.',
    means: NOTHING_DONE,
    do: 'Ask AWS for a higher quota, or remove what is no longer needed.',
  },
  'aws.alreadyExists': {
    what: 'This already exists in AWS.',
    means: 'Nothing was made or changed.',
    do: 'Look at what is there. Choose another name, or go on with the one that exists if the plan allows it.',
  },
  'aws.policyRefused': {
    what: 'AWS refuses the key policy.',
    means: 'The key’s policy is as it was; a new key was not made.',
    do: 'Check that each principal exists, and that the caller could still change the policy afterwards.',
  },
  'aws.tokenExpired': {
    what: 'The import token is older than 24 hours.',
    means: 'Nothing was imported. The wrapped key is of no more use.',
    do: 'Fetch a new set of wrapping key and token, and wrap the key in the HSM again.',
  },
  'aws.tokenInvalid': {
    what: 'The import token does not belong to this KMS key, or is damaged.',
    means: 'Nothing was imported.',
    do: 'Compare the key ARN of the set with the plan. Fetch a new set if they agree.',
  },
  'aws.blobRefused': {
    what: 'KMS could not unwrap the key.',
    means: 'Nothing was imported. The key in the HSM is untouched.',
    do: 'The wrapping algorithm, its hash, or the wrapping key differs from the one of the set. Fetch a new set and wrap again.',
  },
  'aws.otherMaterial': {
    what: 'This is not the key material that KMS wants here.',
    means: 'Nothing was imported.',
    do: 'For a re-import or a replica, wrap the HSM key of the first import. For new material, take a new HSM key.',
  },
  'aws.conflict': {
    what: 'AWS is still at work on this key.',
    means: NOTHING_DONE,
    do: 'Wait until the earlier change has ended, then repeat the step.',
  },
  'aws.internal': {
    what: 'AWS had a fault of its own.',
    means: 'It says that the request was not carried out. ' + RECORD_SAFE,
    do: 'Repeat the step after a while; AWS’s health page may say more.',
  },
  'aws.unknown': {
    what: 'AWS answered with an error that Keyrite does not know.',
    means: 'Nothing more was asked. ' + RECORD_SAFE,
    do: 'Read AWS’s own words below, and record the exception.',
  },
};
