export const CONNECTION_STATES = ['CONNECTED', 'CONNECTING', 'DISCONNECTED', 'DISCONNECTING', 'FAILED'] as const;

export type ConnectionState = (typeof CONNECTION_STATES)[number];

/** An external key store as DescribeCustomKeyStores tells it. Times are ISO 8601 UTC; null: KMS does not say. */
export interface KeyStore {
  /** `cks-...` */
  readonly storeId: string;
  readonly name: string;
  readonly connectionState: ConnectionState;
  /** while FAILED; `CONNECTION_ERRORS` has what each means */
  readonly connectionErrorCode: string | null;
  readonly createdAt: string | null;
  readonly connectivity: Connectivity['kind'];
  /** `https://xks.example.com` */
  readonly uriEndpoint: string;
  /** `/prefix/kms/xks/v1` */
  readonly uriPath: string;
  readonly vpcServiceName: string | null;
  /** account id */
  readonly vpcServiceOwner: string | null;
  /** of the proxy credential KMS signs with; its secret KMS never tells */
  readonly accessKeyId: string;
}

/** How KMS reaches a proxy. `serviceOwner`: account id, '' for the caller's own. */
export type Connectivity =
  | { readonly kind: 'PUBLIC_ENDPOINT' }
  | { readonly kind: 'VPC_ENDPOINT_SERVICE'; readonly serviceName: string; readonly serviceOwner: string };

/** The credential KMS signs its calls of the proxy with. */
export interface ProxyCredential {
  /** 20 to 30 characters of A-Z 2-7 */
  readonly accessKeyId: string;
  /** 43 to 64 characters of a-z A-Z 0-9 / + = as ASCII; the caller's to overwrite when the call has ended */
  readonly secret: Uint8Array;
}

export interface CreateKeyStoreRequest {
  /** 1 to 256 characters, unique in account and Region */
  readonly name: string;
  /** `https://` and a name, no port; with a VPC endpoint service its private DNS name */
  readonly uriEndpoint: string;
  /** ends with /kms/xks/v1 */
  readonly uriPath: string;
  readonly connectivity: Connectivity;
  readonly credential: ProxyCredential;
}

/**
 * What is to be another; what is absent stays. Name, path and credential may change while the store is connected, endpoint and
 * connectivity only while it is disconnected (`aws.storeState`). A new connectivity wants a new endpoint.
 */
export interface KeyStoreChanges {
  readonly name?: string;
  readonly uriEndpoint?: string;
  readonly uriPath?: string;
  readonly connectivity?: Connectivity;
  readonly credential?: ProxyCredential;
}

export type KeyStoreName = { readonly storeId: string } | { readonly name: string };
