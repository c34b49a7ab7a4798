import { randomBytes } from 'node:crypto';
import { sameBytes } from '../xks/bytes';
import type { XksApi } from '../xks/uri';
import { decryptBody, encryptBody, healthBody, type Members, type OnBehalfOf, type Plain } from './bodies';
import { kmsRequest, signedRequest, type Caller, type KeyStore } from './caller';
import { plaintextIn, readEncrypted, type Encrypted } from './encrypted';
import { inWords, type Exchange } from './exchange';
import type { Signer, SigningOptions } from './sign';
import type { TlsFiles, WireRequest } from './transport';

/** How a request differs from the one KMS would make. */
export interface Variation {
  readonly method?: string;
  readonly path?: string;
  readonly keyId?: string;
  readonly host?: string;
  readonly signer?: Signer;
  readonly signing?: Partial<SigningOptions>;
  /** sent in place of the JSON, signed as such */
  readonly rawBody?: string;
  /** the request after it was signed */
  readonly afterSigning?: (request: WireRequest) => WireRequest;
}

/** What the cases share: the proxy, the key, and what must work before a refusal proves anything. */
export interface Session {
  readonly store: KeyStore;
  readonly tls: TlsFiles;
  readonly keyId: string;
  readonly who: OnBehalfOf;
  /** every exchange so far, for the cases that judge all answers */
  readonly seen: readonly Exchange[];
  readonly now: () => number;
  send(api: XksApi, body: Members, variation?: Variation): Promise<Exchange>;
  /** the first call KMS makes to a key store, made once: everything else rests on it */
  firstHealth(): Promise<Exchange>;
  /** a ciphertext with AAD that does decrypt, made once; or why there is none */
  ciphertext(): Promise<Encrypted | { readonly problem: string }>;
}

export interface SessionParts {
  readonly caller: Caller;
  readonly tls: TlsFiles;
  readonly keyId: string;
  readonly who: OnBehalfOf;
  readonly now: () => number;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null;
  return () => (made ??= make());
}

function variedRequest(store: KeyStore, api: XksApi, keyId: string, body: Members, now: number, vary: Variation): WireRequest {
  const own = kmsRequest(store, api, vary.keyId ?? keyId, vary.rawBody ?? JSON.stringify(body));
  const unsigned = {
    ...own,
    method: vary.method ?? own.method,
    path: vary.path ?? own.path,
    headers: { ...own.headers, ...(vary.host !== undefined && { host: vary.host }) },
  };
  const request = signedRequest(unsigned, vary.signer ?? store.signer, { at: new Date(now), ...vary.signing });
  return vary.afterSigning ? vary.afterSigning(request) : request;
}

async function makeCiphertext(send: Session['send'], who: OnBehalfOf): Promise<Encrypted | { readonly problem: string }> {
  const aad = new TextEncoder().encode('project=nile,department=marketing');
  const plain: Plain = { plaintext: randomBytes(32), aad, wantsIntegrity: false };
  const made = await send('Encrypt', encryptBody(who, plain));
  const encrypted = readEncrypted(plain, made);
  if ('problem' in encrypted)
    return {
      problem: `Encrypt does not work: ${made.kind === 'answer' && made.status === 200 ? encrypted.problem : inWords(made)}`,
    };
  const back = await send('Decrypt', decryptBody(who, encrypted.sealed));
  const isBack = sameBytes(plaintextIn(back) ?? new Uint8Array(), plain.plaintext);
  return isBack ? encrypted : { problem: `Decrypt does not give back what was encrypted: ${inWords(back)}` };
}

export function openSession({ caller, tls, keyId, who, now }: SessionParts): Session {
  const { store } = caller;
  const seen: Exchange[] = [];
  const send: Session['send'] = async (api, body, vary = {}) => {
    const exchange = await caller.send(variedRequest(store, api, keyId, body, now(), vary));
    seen.push(exchange);
    return exchange;
  };
  return {
    store,
    tls,
    keyId,
    who,
    seen,
    now,
    send,
    firstHealth: once(() => send('GetHealthStatus', healthBody('ConnectCustomKeyStore'))),
    ciphertext: once(() => makeCiphertext(send, who)),
  };
}
