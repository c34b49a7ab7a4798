import type { RehearsalClock } from './clock';
import type { FaultList } from './faults';
import { yes } from './refusal';
import { isSomethingDue, settle } from './settle';
import type { Store } from './store';
import type { Throttle } from './throttle';
import type { Trail } from './trail';
import { serviceEvent } from './trail-event';
import type { ProxySurroundings } from './try-proxy';
import type { MakeWrappingPair } from './wrapping-pair';

/** Somebody this KMS knows. */
export interface Principal {
  readonly arn: string;
  readonly secretAccessKey: string;
}

/** What all endpoints of one rehearsal share. */
export interface Ground {
  readonly regions: readonly string[];
  readonly store: Store;
  readonly clock: RehearsalClock;
  readonly trail: Trail;
  readonly faults: FaultList;
  readonly throttle: Throttle | null;
  readonly isPolicyEnforced: boolean;
  readonly makeWrappingPair: MakeWrappingPair;
  readonly surroundings: ProxySurroundings;
  /** how long a key store is on its way at least, by the clock of the rehearsal */
  readonly connectLagMs: number;
  /** what goes on after the answers; `stop` waits for it */
  readonly background: Set<Promise<void>>;
  /** access key id -> principal */
  readonly principals: Map<string, Principal>;
  /** ends what only waits */
  readonly stopped: AbortSignal;
}

/** Does what has come due, before anybody looks. */
export async function passTime({ store, clock, trail }: Ground): Promise<void> {
  if (!isSomethingDue(store.read(), clock.now())) return;
  const events = await store.change((draft) => yes(settle(draft, clock.now())));
  if (events.ok) trail.record(events.value.map(serviceEvent));
}
