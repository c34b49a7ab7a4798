/**
 * What happened to the machine that a proxy runs on, and that the proxy cannot help. Times are ISO 8601 UTC, by the clock as it stood
 * when it was noticed.
 */
export type MachineEvent =
  /** it slept, or nothing ran on it for another reason (a paused virtual machine, far too much to do) */
  | { readonly what: 'stoodStill'; readonly at: string; readonly from: string }
  /** `byMs`: forward, or back where it is negative. Forward may also be a sleep that the system did not announce */
  | { readonly what: 'clockSet'; readonly at: string; readonly byMs: number }
  /** addresses under which others can reach it */
  | { readonly what: 'addresses'; readonly at: string; readonly gone: readonly string[]; readonly come: readonly string[] };
