import type { ConnectionErrorCode } from '../../contract/connection-errors';

/** What goes wrong with a call. */
export type FaultKind =
  /** refused, and nothing is done */
  | { readonly error: { readonly name: string; readonly message?: string; readonly status?: number } }
  /** the request waits this long before it is looked at (real time) */
  | { readonly delayMs: number }
  /** ThrottlingException */
  | { readonly throttle: true }
  /** the act is done, and the connection is cut before the answer */
  | { readonly lostAnswer: true }
  /** the connection is cut, and nothing is done */
  | { readonly lostRequest: true }
  /** the clock that signatures are judged by goes ahead by this much, or behind when negative */
  | { readonly skewMs: number }
  /** eventual consistency: what reads sees the state as it was before the last change */
  | { readonly stale: true }
  /** what goes on in the background takes this long: a replica is `Creating`, a primary `Updating`, a rotation under way, a key store `CONNECTING` or `DISCONNECTING` */
  | { readonly lagMs: number }
  /** of ConnectCustomKeyStore: connecting ends as FAILED with this code, whatever the proxy says */
  | { readonly connectionError: ConnectionErrorCode };

/** A fault for the next calls of an operation. */
export interface Fault {
  /** `ImportKeyMaterial`, `GetCallerIdentity`, or `*` for whichever comes next */
  readonly operation: string;
  readonly times: number;
  readonly kind: FaultKind;
}

/** Faults that wait for their calls. */
export interface FaultList {
  add(fault: Fault): void;
  clear(): void;
  /** All that apply to this call: of each kind the oldest; each is used up by one. */
  take(operation: string): Partial<UnionToIntersection<FaultKind>>;
}

type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;

export function newFaultList(): FaultList {
  let waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add: (fault) => {
      waiting.push({ fault, left: fault.times });
    },
    clear: () => {
      waiting = [];
    },
    take: (operation) => {
      const taken: Partial<UnionToIntersection<FaultKind>> = {};
      for (const entry of waiting) {
        const isMeant = entry.fault.operation === '*' || entry.fault.operation === operation;
        if (!isMeant || Object.keys(entry.fault.kind).some((kind) => kind in taken)) continue;
        Object.assign(taken, entry.fault.kind);
        entry.left -= 1;
      }
      waiting = waiting.filter(({ left }) => left > 0);
      return taken;
    },
  };
}
