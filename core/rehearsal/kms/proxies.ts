import { KMS_TIMEOUT_MS, openCaller, type Caller } from '../../as-kms/caller';
import type { Exchange } from '../../as-kms/exchange';
import { XKS_BASE, type XksApi } from '../../xks/uri';
import type { StoredKeyStore } from './key-store-state';

/** Where the proxy of an XksProxyUriEndpoint is in this rehearsal, since no DNS leads to it. */
export interface ProxyPlace {
  readonly host: string;
  readonly port: number;
  /** PEM of the roots its certificate is judged by; null: those this runtime trusts */
  readonly ca: string | null;
}

export type ProxyAt = (uriEndpoint: string) => ProxyPlace | null;

/** Of a store, what a call of its proxy needs. */
export type ProxyAddress = Pick<StoredKeyStore, 'region' | 'uriEndpoint' | 'uriPath' | 'credential'>;

/** The proxies of all external key stores, called as KMS calls them. */
export interface Proxies {
  /** Never rejects for what a proxy does; where nobody says where it is, it is unreachable. */
  call(address: ProxyAddress, api: XksApi, xksKeyId: string, body: object): Promise<Exchange>;
  /** Cuts what is under way. */
  close(): void;
}

interface Kept {
  readonly caller: Caller;
  /** calls under way */
  busy: number;
  /** what it was opened for: another place, root or credential gets another */
  readonly for: string;
}

/**
 * Connections are kept by endpoint and path, as KMS keeps them. Where a proxy is, is asked anew at each call.
 * @param timeoutMs for one attempt, connecting included; after a time-out there is one more
 */
export function openProxies(proxyAt: ProxyAt, timeoutMs: number = KMS_TIMEOUT_MS): Proxies {
  const kept = new Map<string, Kept>();
  const retired = new Set<Kept>();
  let isClosed = false;

  function keptFor(address: ProxyAddress, place: ProxyPlace): Kept {
    const name = `${address.region} ${address.uriEndpoint}${address.uriPath}`;
    const wanted = JSON.stringify([place, address.credential]);
    const held = kept.get(name);
    if (held?.for === wanted) return held;
    const next: Kept = { caller: openFor(address, place, timeoutMs), busy: 0, for: wanted };
    kept.set(name, next);
    if (held) retire(held);
    return next;
  }

  /** What is under way may end: a new credential must not cost the calls that were made with the old one. */
  function retire(held: Kept): void {
    if (held.busy > 0) retired.add(held);
    else held.caller.close();
  }

  async function callWith(held: Kept, act: (caller: Caller) => Promise<Exchange>): Promise<Exchange> {
    held.busy += 1;
    try {
      return await act(held.caller);
    } finally {
      held.busy -= 1;
      if (held.busy === 0 && retired.delete(held)) held.caller.close();
    }
  }

  return {
    call: async (address, api, xksKeyId, body) => {
      const place = isClosed ? null : proxyAt(address.uriEndpoint);
      if (place === null) return nobodyThere(address);
      return callWith(keptFor(address, place), (caller) => caller.call(api, xksKeyId, body));
    },
    close: () => {
      isClosed = true;
      for (const { caller } of [...kept.values(), ...retired]) caller.close();
    },
  };
}

function nobodyThere({ uriEndpoint }: ProxyAddress): Exchange {
  return { kind: 'unreachable', what: `no proxy is known for ${uriEndpoint}`, ms: 0, attempts: 1 };
}

/** Port 443 of the public name for everything that is signed and proven; the socket goes to the place. */
function openFor({ region, uriEndpoint, uriPath, credential }: ProxyAddress, place: ProxyPlace, timeoutMs: number): Caller {
  const host = uriEndpoint.slice('https://'.length);
  const connectTo = { host: place.host, port: place.port };
  const store = {
    endpoint: { isTls: true, host, port: 443, authority: host, connectTo },
    prefix: uriPath.slice(0, -XKS_BASE.length),
    signer: { credential, region },
  };
  return openCaller(store, { tls: place.ca === null ? {} : { ca: place.ca }, timeoutMs });
}
