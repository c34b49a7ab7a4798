/** Calls `work` now, and then at most once in `everyMs` however often it is asked; the last wish is never lost. */
export function atMost(everyMs: number, work: () => void): () => void {
  let timer: NodeJS.Timeout | null = null;
  let isWanted = false;
  const run = (): void => {
    isWanted = false;
    timer = setTimeout(() => {
      timer = null;
      if (isWanted) run();
    }, everyMs);
    timer.unref();
    work();
  };
  return () => {
    isWanted = true;
    if (timer === null) run();
  };
}
