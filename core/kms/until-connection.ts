import { failure, success, type Failure } from '../contract/result';
import type { ConnectionState, KeyStore } from './key-store';
import type { Asked } from './answered';
import type { KmsPort } from './port';
import { cancelled, systemRim, type Rim } from './retry';
import type { Patience } from './until-seen';

/** For AWS: connecting takes some five minutes, and DescribeCustomKeyStores is allowed five times a second for the whole account. */
export const AWS_CONNECTION_PATIENCE = { everyMs: 12_000, withinMs: 30 * 60_000 } as const;

/** One look at a store on its way. */
export interface ConnectionLook {
  readonly looks: number;
  /** since the first look */
  readonly elapsedMs: number;
  /** null: this look failed, and why is in `failure` */
  readonly store: KeyStore | null;
  readonly failure: Failure | null;
}

export interface ConnectionWatch extends Patience {
  /** the state waited for; without it CONNECTED */
  readonly wanted?: 'CONNECTED' | 'DISCONNECTED';
  readonly onLook?: (look: ConnectionLook) => void;
}

export interface ConnectionEnd {
  /** as it was seen last */
  readonly store: KeyStore;
  /** CONNECTED, DISCONNECTED or FAILED; false: it was still on its way when patience ended */
  readonly isSettled: boolean;
  readonly looks: number;
}

const ON_ITS_WAY: ReadonlySet<ConnectionState> = new Set(['CONNECTING', 'DISCONNECTING']);

/** A look soon after the request may show what was before it: so many are not taken as the end. */
const EARLY_LOOKS = 3;

/** What ends no wait of half an hour: the next look may succeed. */
const PASSING: ReadonlySet<string> = new Set(['aws.unreachable', 'aws.noAnswer', 'aws.throttled', 'aws.internal']);

/**
 * Looks at a key store that was just connected or disconnected until it is CONNECTED, DISCONNECTED or FAILED; which of them, and with
 * which ConnectionErrorCode, is in the answer. A look that fails for reasons that pass is told to `onLook` and repeated.
 * `aws.storeNotFound`: there is no such store; `input.cancelled`; failures of the last look.
 */
export async function untilConnection(
  port: Pick<KmsPort, 'keyStore'>,
  storeId: string,
  { everyMs, withinMs, signal, wanted = 'CONNECTED', onLook }: ConnectionWatch,
  rim: Rim = systemRim,
): Asked<ConnectionEnd> {
  const fromMs = rim.nowMs();
  let wasOnItsWay = false;
  for (let looks = 1; ; looks++) {
    if (signal?.aborted) return cancelled('untilConnection');
    const seen = await port.keyStore({ storeId }, signal);
    const elapsedMs = rim.nowMs() - fromMs;
    const isLast = elapsedMs + everyMs > withinMs;
    if (!seen.ok) {
      onLook?.({ looks, elapsedMs, store: null, failure: seen.error });
      if (isLast || !PASSING.has(seen.error.code)) return failure(seen.error.code, { ...seen.error.detail, looks });
    } else {
      const store = seen.value.value;
      if (store === null) return failure('aws.storeNotFound', { storeId, requestId: seen.value.requestId, looks });
      onLook?.({ looks, elapsedMs, store, failure: null });
      const state = store.connectionState;
      wasOnItsWay ||= ON_ITS_WAY.has(state);
      const isSettled = state === wanted || (!ON_ITS_WAY.has(state) && (wasOnItsWay || looks > EARLY_LOOKS));
      if (isSettled || isLast) return success({ ...seen.value, value: { store, isSettled, looks } });
    }
    await rim.delay(everyMs, signal ?? null);
  }
}
