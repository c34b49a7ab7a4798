import { useSyncExternalStore } from 'react';

let now = new Date();

function subscribe(listener: () => void): () => void {
  const tick = (): void => {
    now = new Date();
    listener();
  };
  tick();
  const timer = setInterval(tick, 1000);
  return () => clearInterval(timer);
}

/** The station's clock, told every second. */
export function useClock(): Date {
  return useSyncExternalStore(subscribe, () => now);
}

/** ISO 8601 in UTC, to the second. */
export function utcText(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

/** The wall clock of this room, as people read it off the wall. */
export function localText(instant: Date): string {
  return instant.toTimeString().slice(0, 5);
}

/** Whole minutes between two instants, never less than 0. */
export function minutesBetween(fromIso: string, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - Date.parse(fromIso)) / 60_000));
}
