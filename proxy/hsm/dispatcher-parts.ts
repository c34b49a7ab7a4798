import type { XksFailure } from '../../core/xks/errors';
import type { Home } from './crew';

/** What the dispatcher goes by, and whom it tells. Times in milliseconds. */
export interface DispatcherParts {
  /** a clock that only goes forward */
  readonly now: () => number;
  /** does this once everything that has arrived by now was accepted, in the same turn of the event loop */
  readonly soon: (work: () => void) => void;
  readonly queue: number;
  readonly deadlineMs: number;
  readonly hungMs: number;
  readonly healthKey: string;
  readonly mayUse: (label: string) => XksFailure | null;
  /** of the blocks, see Flags */
  readonly epoch: () => number;
  /** a process failed as a whole; `why` is a CKR name or a word */
  readonly onSick: (home: Home, why: string) => void;
  /** a thread has not come back within hungMs */
  readonly onHung: (home: Home) => void;
  /** a process that takes no orders any more has none left */
  readonly onIdle: (home: Home) => void;
}
