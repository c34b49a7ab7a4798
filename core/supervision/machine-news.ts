import type { MachineEvent } from '../contract/machine-event';
import { watchMachine } from '../control/machine-watch';

/** Between two looks, ms. */
const LOOK_MS = 1_000;
/** What stands still or is set by less is no news for people, ms: a busy machine stumbles for some seconds. */
const NEWS_MS = 5_000;
const KEPT = 10;

export interface MachineNews {
  /** what happened since it was opened, newest first: at most ten */
  readonly events: () => readonly MachineEvent[];
  /** What the system says. What it does not say is noticed all the same, a second later. */
  readonly sleeps: () => void;
  readonly woke: () => void;
  /** Told of each as it is noticed. */
  readonly onEvent: (listener: (event: MachineEvent) => void) => void;
  readonly close: () => void;
}

/** What happened to this machine while people looked elsewhere. */
export function openMachineNews(): MachineNews {
  const listeners = new Set<(event: MachineEvent) => void>();
  let events: readonly MachineEvent[] = [];
  const { watch, close } = watchMachine({
    everyMs: LOOK_MS,
    toleranceMs: NEWS_MS,
    onEvent: (event) => {
      events = [event, ...events].slice(0, KEPT);
      for (const listener of listeners) listener(event);
    },
  });
  return {
    events: () => events,
    sleeps: () => watch.sleeps(),
    woke: () => watch.woke(),
    onEvent: (listener) => void listeners.add(listener),
    close,
  };
}
