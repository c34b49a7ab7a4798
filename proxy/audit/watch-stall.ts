/** Parts a stall is counted in. A turn of the event loop that took long itself counts as one part, not as a slow disk. */
const PARTS = 4;

export interface StallWatch {
  /** @returns whether it had come to a stall */
  readonly stop: () => boolean;
}

/** Calls `onStall` once when `stop` has not been called within `limitMs` milliseconds. */
export function watchStall(limitMs: number, onStall: () => void): StallWatch {
  let parts = 0;
  const timer = setInterval(() => {
    parts += 1;
    if (parts === PARTS) onStall();
    if (parts >= PARTS) clearInterval(timer);
  }, limitMs / PARTS);
  return {
    stop: () => {
      clearInterval(timer);
      return parts >= PARTS;
    },
  };
}
