/** Why connecting an external key store ended as FAILED, and what helps. */
export interface ConnectionError {
  readonly cause: string;
  /** what to compare or to look at, in the order that finds it soonest */
  readonly lookHere: string;
  readonly remedy: string;
}

/** Whatever the cause: a store that FAILED cannot be connected before it was disconnected. */
const AGAIN = 'Then disconnect the key store and connect it again.';

/**
 * The values of ConnectionErrorCode (DescribeCustomKeyStores) that an external key store can have. What a call to the proxy would end
 * as is judged in core/as-kms/connection-error.ts with the same codes.
 */
export const CONNECTION_ERRORS = {
  INTERNAL_ERROR: {
    cause: 'AWS KMS could not finish the request because of a fault of its own.',
    lookHere: 'AWS’s health page for KMS in this Region.',
    remedy: 'Disconnect the key store and connect it again; ask AWS if it stays.',
  },
  NETWORK_ERRORS: {
    cause: 'The network between KMS and the XKS proxy keeps KMS from connecting the key store.',
    lookHere: 'Route, firewall, DNS, and the targets of the load balancer.',
    remedy: `Mend the way from KMS to the proxy. ${AGAIN}`,
  },
  INVALID_CREDENTIALS: {
    cause: 'The proxy does not accept the credential KMS signs with, or something in between changes what was signed.',
    lookHere:
      'Access key id and Region in the proxy’s log against the key store’s, the clocks, and whether anything rewrites the Host header or the body.',
    remedy: 'Make the proxy know the credential, disconnect the key store, tell KMS the same credential, and connect it again.',
  },
  XKS_PROXY_ACCESS_DENIED: {
    cause: 'A policy of the proxy refuses KMS.',
    lookHere: 'The proxy’s policy and its log of refusals.',
    remedy: `Exempt GetHealthStatus from the policy and let it allow what KMS asks for. ${AGAIN}`,
  },
  XKS_PROXY_INVALID_CONFIGURATION: {
    cause: 'KMS asks at a path the proxy does not know.',
    lookHere: 'The key store’s URI path against the prefixes in the proxy’s settings; it ends with /kms/xks/v1.',
    remedy: `Correct the path in KMS, or the prefix at the proxy. ${AGAIN}`,
  },
  XKS_PROXY_INVALID_RESPONSE: {
    cause: 'KMS cannot interpret what answered.',
    lookHere: 'Who answered: a load balancer’s error page is not JSON. Otherwise the proxy’s log says why.',
    remedy: `Run the proxy test against the public address and mend what it finds. ${AGAIN}`,
  },
  XKS_PROXY_INVALID_TLS_CONFIGURATION: {
    cause: 'The TLS handshake with the proxy fails.',
    lookHere:
      'The certificate: days left, host name, full chain, and whether its CA is one KMS trusts; that TLS 1.2 or 1.3 is offered.',
    remedy: `Renew or complete the certificate. With a VPC endpoint service it is for the private DNS name. ${AGAIN}`,
  },
  XKS_PROXY_NOT_REACHABLE: {
    cause: 'KMS does not reach the proxy, or the proxy says that no HSM is available.',
    lookHere:
      'Whether the proxy runs, its name and port 443, route and firewall, the state of its HSMs, and whether it throttles KMS. The way from KMS to the HSM should take at most 35 ms.',
    remedy: `Bring proxy and HSM up and correct the address. ${AGAIN}`,
  },
  XKS_PROXY_TIMED_OUT: {
    cause: 'The proxy was reached, and did not answer within 250 ms, twice.',
    lookHere: 'Where the time goes: the proxy’s queue, the HSM, the network to the HSM.',
    remedy: `Make it faster: more HSM sessions, an HSM that is nearer. ${AGAIN}`,
  },
  XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION: {
    cause: 'The VPC endpoint service is not as KMS wants it.',
    lookHere:
      'Network load balancer in two subnets of two zones; no acceptance of connections; principal cks.kms.REGION.amazonaws.com; private DNS name verified, unique, the same as the key store’s endpoint and in the certificate.',
    remedy: `Correct the endpoint service. ${AGAIN}`,
  },
  XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND: {
    cause: 'KMS does not find the VPC endpoint service, or may not use it.',
    lookHere: 'Its name, Region and owner, and whether it allows the principal cks.kms.REGION.amazonaws.com.',
    remedy: `Correct the name in KMS or the permissions of the endpoint service. ${AGAIN}`,
  },
} as const satisfies Readonly<Record<string, ConnectionError>>;

export type ConnectionErrorCode = keyof typeof CONNECTION_ERRORS;

/** Of the same list, and only key stores of AWS CloudHSM have them. */
const CLOUD_HSM_ONLY: ReadonlySet<string> = new Set([
  'CLUSTER_NOT_FOUND',
  'INSUFFICIENT_CLOUDHSM_HSMS',
  'INSUFFICIENT_FREE_ADDRESSES_IN_SUBNET',
  'SUBNET_NOT_FOUND',
  'USER_LOCKED_OUT',
  'USER_LOGGED_IN',
  'USER_NOT_FOUND',
]);

function isKnown(code: string): code is ConnectionErrorCode {
  return Object.hasOwn(CONNECTION_ERRORS, code);
}

/** Of any code, those too that AWS may add. */
export function connectionError(code: string): ConnectionError {
  if (isKnown(code)) return CONNECTION_ERRORS[code];
  if (CLOUD_HSM_ONLY.has(code))
    return {
      cause: 'This is about a key store of AWS CloudHSM, which an external key store never reports.',
      lookHere: 'Whether this is the right key store.',
      remedy: 'See the AWS KMS Developer Guide on AWS CloudHSM key stores.',
    };
  return {
    cause: 'AWS reports a reason that this version of Keyrite does not know.',
    lookHere: 'The proxy’s log at the time of connecting, and the AWS KMS Developer Guide on connection error codes.',
    remedy: `Settle what they say. ${AGAIN}`,
  };
}
