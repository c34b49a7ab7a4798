import { pathOf, type XksApi } from '../xks/uri';
import type { Endpoint } from './endpoint';
import type { Exchange } from './exchange';
import { signed, type Signer, type SigningOptions, type Unsigned } from './sign';
import { openTransport, type TlsFiles, type WireRequest } from './transport';

/** What KMS allows one call, TCP and TLS set-up included. */
export const KMS_TIMEOUT_MS = 250;

/** A key store as KMS knows it. */
export interface KeyStore {
  readonly endpoint: Endpoint;
  /** what stands before /kms/xks/v1, '' or `/a/b` */
  readonly prefix: string;
  readonly signer: Signer;
}

export interface CallerOptions {
  readonly tls?: TlsFiles;
  /** default: KMS's own */
  readonly timeoutMs?: number;
}

export interface Caller {
  readonly store: KeyStore;
  /** Signs and sends as KMS does. `keyId` counts for nothing with GetHealthStatus. Never rejects for what the proxy does. */
  call(api: XksApi, keyId: string, body: object): Promise<Exchange>;
  /** Sends what it is given; for a request that KMS would not make. */
  send(request: WireRequest): Promise<Exchange>;
  close(): void;
}

/** The request KMS would make, before its signature. */
export function kmsRequest({ endpoint, prefix }: KeyStore, api: XksApi, keyId: string, body: string): Unsigned {
  const headers = { host: endpoint.authority, 'content-type': 'application/json' };
  return { method: 'POST', path: pathOf(prefix, api, keyId), headers, body };
}

export function signedRequest(request: Unsigned, signer: Signer, options: SigningOptions): WireRequest {
  return { ...request, headers: signed(request, signer, options) };
}

/** A caller that a proxy cannot tell from KMS: Signature Version 4 over host and x-amz-date, kept connections, 250 ms, one retry. */
export function openCaller(store: KeyStore, { tls = {}, timeoutMs = KMS_TIMEOUT_MS }: CallerOptions = {}): Caller {
  const transport = openTransport(store.endpoint, tls, timeoutMs);
  return {
    store,
    call: (api, keyId, body) =>
      transport.send(signedRequest(kmsRequest(store, api, keyId, JSON.stringify(body)), store.signer, { at: new Date() })),
    send: (request) => transport.send(request),
    close: () => transport.close(),
  };
}
