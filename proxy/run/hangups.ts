/** SIGHUP, which asks for a reload. */
export interface Hangups {
  /** From now on each one reloads; one that came before does so at once. */
  readonly reloadBy: (reload: () => void) => void;
  readonly close: () => void;
}

/**
 * Hears SIGHUP from the beginning, and keeps it while there is nothing to reload yet. A process that does not hear it is ended by it,
 * and systemd takes that for an end that was asked for: `systemctl reload` during a start would leave no proxy running.
 */
export function hearHangups(): Hangups {
  let isKept = false;
  let act = (): void => {
    isKept = true;
  };
  const heard = (): void => act();
  process.on('SIGHUP', heard);
  return {
    reloadBy: (reload) => {
      act = reload;
      if (isKept) reload();
    },
    close: () => void process.off('SIGHUP', heard),
  };
}
