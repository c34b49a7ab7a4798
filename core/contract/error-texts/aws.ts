import { RECORD_SAFE, type AreaTexts } from './error-text';

const NOTHING_DONE = 'AWS did nothing.';
const STORE_UNCHANGED = 'AWS changed nothing. External key and HSM are not touched.';
const NO_STORE = 'No key store was made or changed.';

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
    do: 'Look at the state of the key under Keys; what AWS names below must be settled first. Of a key of an external key store, it is often the proxy that AWS speaks of.',
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
  'aws.proxyUnreachable': {
    what: 'KMS could not reach the XKS proxy, or got no answer from it in time.',
    means: STORE_UNCHANGED,
    do: 'See that the proxy runs and answers on port 443 under its public name, that its certificate is valid with its full chain, and that an HSM is available; then repeat the step.',
  },
  'aws.proxyCredential': {
    what: 'The XKS proxy does not accept the credential KMS signed with.',
    means: STORE_UNCHANGED,
    do: 'Compare access key id and secret with the proxy’s settings, and the clock of the proxy; see that nothing in between changes the Host header. The proxy must know a new credential before KMS is told.',
  },
  'aws.proxyConfiguration': {
    what: 'Address or path of the XKS proxy are not as KMS wants them.',
    means: STORE_UNCHANGED,
    do: 'Compare the URI path with the prefixes in the proxy’s settings; it ends with /kms/xks/v1.',
  },
  'aws.proxyResponse': {
    what: 'KMS cannot interpret what the XKS proxy answers.',
    means: STORE_UNCHANGED,
    do: 'Find out who answered: a load balancer’s error page is not the proxy. Otherwise run the proxy test and read the proxy’s log.',
  },
  'aws.proxyUriInUse': {
    what: 'Another key store of this account and Region has this endpoint with this path.',
    means: NO_STORE,
    do: 'Look whether that store is the one you want; otherwise give the proxy another prefix.',
  },
  'aws.proxyEndpointInUse': {
    what: 'Another key store has this endpoint in a way that cannot be shared.',
    means: NO_STORE,
    do: 'Take another host name: a store with a VPC endpoint service shares its name with no other store.',
  },
  'aws.endpointServiceInUse': {
    what: 'Another key store has this VPC endpoint service.',
    means: NO_STORE,
    do: 'Make an endpoint service of its own for this key store, with its own private DNS name.',
  },
  'aws.endpointServiceNotFound': {
    what: 'KMS does not find this VPC endpoint service.',
    means: STORE_UNCHANGED,
    do: 'Compare name, Region and owner, and allow the principal cks.kms.REGION.amazonaws.com in the endpoint service.',
  },
  'aws.endpointServiceInvalid': {
    what: 'The VPC endpoint service is not as KMS wants it.',
    means: STORE_UNCHANGED,
    do: 'It needs a network load balancer in two zones, no acceptance of connections, the principal cks.kms.REGION.amazonaws.com, and a verified private DNS name that is the endpoint.',
  },
  'aws.storeNameInUse': {
    what: 'Another key store of this account and Region has this name.',
    means: NO_STORE,
    do: 'Look whether that store is the one you want; otherwise choose another name.',
  },
  'aws.storeNotFound': {
    what: 'AWS knows no such key store in this Region.',
    means: NOTHING_DONE,
    do: 'Compare key store id, account and Region with the plan.',
  },
  'aws.storeState': {
    what: 'The key store is in a connection state in which this is not possible.',
    means: NOTHING_DONE,
    do: 'Look at its connection state: one that failed is disconnected before it is connected again, endpoint and connectivity change only while it is disconnected, and keys are made only while it is connected.',
  },
  'aws.storeHasKeys': {
    what: 'There are still KMS keys in the key store.',
    means: NOTHING_DONE,
    do: 'Schedule the deletion of every key in it, wait until they are gone (7 days at least), then delete the store.',
  },
  'aws.xksKeyInUse': {
    what: 'Another KMS key of this key store stands for this external key already.',
    means: 'No key was made.',
    do: 'Look at that KMS key; it may be the one that was wanted. Otherwise take another external key.',
  },
  'aws.xksKeyNotFound': {
    what: 'The XKS proxy knows no such external key.',
    means: 'No key was made.',
    do: 'Compare the external key id with the key’s name in the proxy’s settings, and see that the HSM has the key.',
  },
  'aws.xksKeyInvalid': {
    what: 'The external key is not one KMS takes.',
    means: 'No key was made.',
    do: 'It has to be an AES key of 256 bits, enabled, for encryption and decryption. See whether the proxy has it blocked or is switched off.',
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
