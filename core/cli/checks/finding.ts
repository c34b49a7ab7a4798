/**
 * One thing the doctor looked at. `missing`: no rehearsal without it. `warning`: something else will not work or deserves a look.
 * `absent`: not here, and nobody said it should be.
 */
export interface Finding {
  readonly id: string;
  readonly title: string;
  readonly state: 'ok' | 'warning' | 'missing' | 'absent';
  readonly found: string;
  /** What to do about it, with the exact command where there is one; '' where nothing has to be done. */
  readonly remedy: string;
}

export function fine(id: string, title: string, found: string): Finding {
  return { id, title, state: 'ok', found, remedy: '' };
}
