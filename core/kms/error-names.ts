import type { ErrorCode } from '../contract/errors';

export type AwsCode = Extract<ErrorCode, `aws.${string}`>;

/** What KMS answers, by the names of its API Reference: common errors of all operations and those of each. */
const KMS: Readonly<Record<string, AwsCode>> = {
  AlreadyExistsException: 'aws.alreadyExists',
  ConflictException: 'aws.conflict',
  DependencyTimeoutException: 'aws.internal',
  DisabledException: 'aws.disabled',
  DryRunOperationException: 'aws.unknown',
  ExpiredImportTokenException: 'aws.tokenExpired',
  IncorrectKeyException: 'aws.invalidRequest',
  IncorrectKeyMaterialException: 'aws.otherMaterial',
  InvalidAliasNameException: 'aws.invalidRequest',
  InvalidArnException: 'aws.invalidRequest',
  InvalidCiphertextException: 'aws.invalidRequest',
  InvalidGrantIdException: 'aws.notFound',
  InvalidGrantTokenException: 'aws.invalidRequest',
  InvalidImportTokenException: 'aws.tokenInvalid',
  InvalidKeyUsageException: 'aws.unsupported',
  InvalidMarkerException: 'aws.invalidRequest',
  KeyUnavailableException: 'aws.internal',
  KMSInternalException: 'aws.internal',
  KMSInvalidMacException: 'aws.otherMaterial',
  KMSInvalidSignatureException: 'aws.otherMaterial',
  KMSInvalidStateException: 'aws.invalidState',
  LimitExceededException: 'aws.limit',
  MalformedPolicyDocumentException: 'aws.policyRefused',
  NotFoundException: 'aws.notFound',
  TagException: 'aws.invalidRequest',
  UnsupportedOperationException: 'aws.unsupported',
};

/** Custom key stores: AWS CloudHSM and external ones. */
const KEY_STORES: Readonly<Record<string, AwsCode>> = {
  CloudHsmClusterInUseException: 'aws.alreadyExists',
  CloudHsmClusterInvalidConfigurationException: 'aws.invalidRequest',
  CloudHsmClusterNotActiveException: 'aws.invalidState',
  CloudHsmClusterNotFoundException: 'aws.notFound',
  CloudHsmClusterNotRelatedException: 'aws.invalidRequest',
  CustomKeyStoreHasCMKsException: 'aws.storeHasKeys',
  CustomKeyStoreInvalidStateException: 'aws.storeState',
  CustomKeyStoreNameInUseException: 'aws.storeNameInUse',
  CustomKeyStoreNotFoundException: 'aws.storeNotFound',
  IncorrectTrustAnchorException: 'aws.invalidRequest',
  XksKeyAlreadyInUseException: 'aws.xksKeyInUse',
  XksKeyInvalidConfigurationException: 'aws.xksKeyInvalid',
  // named by the XKS specification and the Developer Guide, and no class of the SDK
  XksKeyInvalidResponseException: 'aws.proxyResponse',
  XksKeyNotFoundException: 'aws.xksKeyNotFound',
  XksProxyIncorrectAuthenticationCredentialException: 'aws.proxyCredential',
  XksProxyInvalidConfigurationException: 'aws.proxyConfiguration',
  XksProxyInvalidResponseException: 'aws.proxyResponse',
  XksProxyUriEndpointInUseException: 'aws.proxyEndpointInUse',
  XksProxyUriInUseException: 'aws.proxyUriInUse',
  XksProxyUriUnreachableException: 'aws.proxyUnreachable',
  XksProxyVpcEndpointServiceInUseException: 'aws.endpointServiceInUse',
  XksProxyVpcEndpointServiceInvalidConfigurationException: 'aws.endpointServiceInvalid',
  XksProxyVpcEndpointServiceNotFoundException: 'aws.endpointServiceNotFound',
};

/** STS, which names the caller and, behind a profile, hands out the credentials of a role. */
const STS: Readonly<Record<string, AwsCode>> = {
  ExpiredTradeInTokenException: 'aws.noCredentials',
  IDPCommunicationErrorException: 'aws.noCredentials',
  IDPRejectedClaimException: 'aws.noCredentials',
  InvalidAuthorizationMessageException: 'aws.invalidRequest',
  InvalidIdentityTokenException: 'aws.noCredentials',
  JWTPayloadSizeExceededException: 'aws.invalidRequest',
  OutboundWebIdentityFederationDisabledException: 'aws.unsupported',
  PackedPolicyTooLargeException: 'aws.invalidRequest',
  RegionDisabledException: 'aws.unsupported',
  SessionDurationEscalationException: 'aws.invalidRequest',
};

/** EC2 and Elastic Load Balancing, which are asked about the endpoint service of a proxy (API error codes of EC2). */
const NETWORK: Readonly<Record<string, AwsCode>> = {
  AuthFailure: 'aws.noCredentials',
  Blocked: 'aws.accessDenied',
  InvalidPaginationToken: 'aws.invalidRequest',
  InvalidParameter: 'aws.invalidRequest',
  InvalidServiceName: 'aws.notFound',
  'InvalidVpcEndpointService.NotFound': 'aws.notFound',
  'InvalidVpcEndpointServiceId.Malformed': 'aws.invalidRequest',
  'InvalidVpcEndpointServiceId.NotFound': 'aws.notFound',
  ListenerNotFoundException: 'aws.notFound',
  LoadBalancerNotFoundException: 'aws.notFound',
  PendingVerification: 'aws.accessDenied',
  TargetGroupNotFoundException: 'aws.notFound',
  Unavailable: 'aws.internal',
  UnknownParameter: 'aws.invalidRequest',
  UnsupportedProtocol: 'aws.invalidRequest',
};

const named = (code: AwsCode, names: string): Record<string, AwsCode> =>
  Object.fromEntries(names.split(' ').map((name) => [name, code]));

/**
 * What every AWS service can answer, in the spellings of its protocols (Common Errors of the API References; KMS's JSON names end
 * in Exception, STS's query names do not). None of them is a class of the SDK.
 */
const COMMON: Readonly<Record<string, AwsCode>> = {
  ...named('aws.accessDenied', 'AccessDenied AccessDeniedException NotAuthorized OptInRequired UnauthorizedOperation'),
  ...named('aws.throttled', 'Throttling ThrottlingException ThrottledException RequestLimitExceeded RequestThrottled'),
  ...named('aws.throttled', 'RequestThrottledException TooManyRequestsException SlowDown PriorRequestNotComplete'),
  ...named('aws.invalidRequest', 'ValidationException ValidationError SerializationException MalformedQueryString'),
  ...named('aws.invalidRequest', 'InvalidAction InvalidParameterCombination InvalidParameterValue InvalidQueryParameter'),
  ...named('aws.invalidRequest', 'MissingAction MissingParameter UnknownOperationException'),
  ...named('aws.noCredentials', 'UnrecognizedClientException InvalidClientTokenId InvalidAccessKeyId ExpiredToken'),
  ...named('aws.noCredentials', 'ExpiredTokenException MissingAuthenticationToken MissingAuthenticationTokenException'),
  ...named('aws.noCredentials', 'IncompleteSignature IncompleteSignatureException SignatureDoesNotMatch'),
  ...named('aws.noCredentials', 'InvalidSignatureException CredentialsProviderError TokenProviderError ProviderError'),
  ...named('aws.clockSkew', 'RequestExpired RequestTimeTooSkewed RequestInTheFuture'),
  ...named('aws.internal', 'InternalError InternalFailure InternalServerError InternalServerException'),
  ...named('aws.internal', 'ServiceUnavailable ServiceUnavailableException RequestTimeout RequestTimeoutException'),
};

/** Every name AWS and the SDK give an error that Keyrite can meet. */
export const ERROR_NAMES: ReadonlyMap<string, AwsCode> = new Map(
  Object.entries({ ...COMMON, ...NETWORK, ...STS, ...KEY_STORES, ...KMS }),
);

/** What a signature that does not fit is called: a wrong secret, or a clock that is wrong. */
export const SIGNATURE_NAMES: ReadonlySet<string> = new Set(['SignatureDoesNotMatch', 'InvalidSignatureException']);
