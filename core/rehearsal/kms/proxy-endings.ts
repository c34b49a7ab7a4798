import { judgeHealth } from '../../as-kms/cases/health';
import { errorNameOf, type Exchange } from '../../as-kms/exchange';
import { CONNECTION_ERRORS, type ConnectionErrorCode } from '../../contract/connection-errors';
import { no } from './refusal';

type No = ReturnType<typeof no>;

function isCode(text: string): text is ConnectionErrorCode {
  return Object.hasOwn(CONNECTION_ERRORS, text);
}

/** The ConnectionErrorCode that this answer to GetHealthStatus leads to; null where the proxy is well. @param now Unix time in ms */
export function connectionCodeOf(health: Exchange, now: number): ConnectionErrorCode | null {
  const { outcome, kmsSays = '' } = judgeHealth(health, now);
  if (outcome !== 'fails') return null;
  return isCode(kmsSays) ? kmsSays : 'XKS_PROXY_INVALID_RESPONSE';
}

type StoreException = readonly [name: string, message: string];

const UNREACHABLE = 'XksProxyUriUnreachableException';

/** How CreateCustomKeyStore and UpdateCustomKeyStore say what connecting would say by its code (specification, "Error mapping"). */
const STORE_EXCEPTIONS: Partial<Readonly<Record<ConnectionErrorCode, StoreException>>> = {
  XKS_PROXY_NOT_REACHABLE: [UNREACHABLE, 'KMS cannot communicate with the external key store proxy.'],
  XKS_PROXY_TIMED_OUT: [UNREACHABLE, 'The external key store proxy did not respond in the time allotted.'],
  XKS_PROXY_INVALID_TLS_CONFIGURATION: [
    UNREACHABLE,
    'KMS cannot connect to the external key store proxy because it has an invalid TLS configuration.',
  ],
  INVALID_CREDENTIALS: [
    'XksProxyIncorrectAuthenticationCredentialException',
    'The external key store proxy could not authenticate KMS. Verify the proxy authentication credential.',
  ],
  XKS_PROXY_INVALID_CONFIGURATION: [
    'XksProxyInvalidConfigurationException',
    'The external key store proxy rejected the URI path. Verify the path of the key store.',
  ],
  XKS_VPC_ENDPOINT_SERVICE_NOT_FOUND: [
    'XksProxyVpcEndpointServiceNotFoundException',
    'KMS could not find the specified VPC endpoint service.',
  ],
  XKS_VPC_ENDPOINT_SERVICE_INVALID_CONFIGURATION: [
    'XksProxyVpcEndpointServiceInvalidConfigurationException',
    'The VPC endpoint service does not fulfill the requirements for an external key store.',
  ],
};

const NOT_INTERPRETED = 'KMS cannot interpret the response from the external key store proxy.';

export function storeRefusal(code: ConnectionErrorCode): No {
  const [name, message] = STORE_EXCEPTIONS[code] ?? ['XksProxyInvalidResponseException', NOT_INTERPRETED];
  return no(name, message);
}

/** What a call about one key ended with, and the words KMS has for it. */
interface KeyTrouble {
  readonly message: string;
  /** how CreateKey names it; cryptographic operations name it KMSInvalidStateException, whatever it is */
  readonly createKey: string;
}

const STORE_STATE = 'CustomKeyStoreInvalidStateException';

/** By the error name of the proxy (specification, "Error mapping"; Developer Guide, "Troubleshooting external key stores"). */
const BY_NAME: Readonly<Record<string, KeyTrouble>> = {
  InvalidStateException: {
    message: 'The external key is not enabled in its external key manager. Enable the external key and try again.',
    createKey: 'XksKeyInvalidConfigurationException',
  },
  InvalidKeyUsageException: {
    message: 'The external key does not support the operation.',
    createKey: 'XksKeyInvalidConfigurationException',
  },
  InvalidCiphertextException: {
    message:
      'The external key store proxy rejected the request because the ciphertext or the additional authenticated data is corrupted, missing, or otherwise invalid.',
    createKey: STORE_STATE,
  },
  AuthenticationFailedException: {
    message: 'The external key store proxy could not authenticate KMS. Verify the proxy authentication credential.',
    createKey: STORE_STATE,
  },
  AccessDeniedException: {
    message: 'The external key store proxy denied access. Verify that user and external key are authorized at the proxy.',
    createKey: 'KMSInvalidStateException',
  },
  KeyNotFoundException: {
    message: 'The external key store proxy could not find the external key. Verify its ID.',
    createKey: 'XksKeyNotFoundException',
  },
  InvalidUriPathException: {
    message: 'The external key store proxy rejected the URI path. Verify the path of the key store.',
    createKey: STORE_STATE,
  },
  UnsupportedOperationException: {
    message: 'The external key store proxy does not support the operation.',
    createKey: 'XksKeyInvalidResponseException',
  },
  ThrottlingException: {
    message: 'The external key store proxy rejected the request because of a very high request rate.',
    createKey: STORE_STATE,
  },
  InternalException: {
    message: 'The external key store proxy cannot reach its external key manager.',
    createKey: STORE_STATE,
  },
};

const TIMED_OUT = 'The external key store proxy did not respond in the time allotted. Retry the request.';
const BY_KIND: Readonly<Record<Exclude<Exchange['kind'], 'answer'>, string>> = {
  timeout: TIMED_OUT,
  unreachable: 'KMS cannot communicate with the external key store proxy.',
  tls: 'KMS cannot connect to the external key store proxy because it has an invalid TLS configuration.',
  broken: NOT_INTERPRETED,
};

function troubleOf(exchange: Exchange): KeyTrouble {
  if (exchange.kind !== 'answer') return { message: BY_KIND[exchange.kind], createKey: STORE_STATE };
  const name = errorNameOf(exchange);
  if (name === 'DependencyTimeoutException') return { message: TIMED_OUT, createKey: STORE_STATE };
  const known = exchange.status !== 200 && Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
  return known ?? { message: NOT_INTERPRETED, createKey: STORE_STATE };
}

/** Any answer to GetKeyMetadata that was none of success, as CreateKey tells it. */
export function createKeyRefusal(exchange: Exchange): No {
  const { message, createKey } = troubleOf(exchange);
  return no(createKey, message);
}

/** Any answer to Encrypt or Decrypt that was none of success, or cannot be taken. */
export function cryptoRefusal(exchange: Exchange): No {
  return no('KMSInvalidStateException', troubleOf(exchange).message);
}

export function notInterpreted(): No {
  return no('KMSInvalidStateException', NOT_INTERPRETED);
}
