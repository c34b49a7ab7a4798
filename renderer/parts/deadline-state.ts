import type { CeremonyView } from '../../core/ceremony/view-model';
import { importDeadline } from '../../core/keys/import-deadline';

type Deadline = NonNullable<CeremonyView['deadline']>;

/**
 * How the room stands: `open` time enough, `near` the last hour before the limit, `tooLate` wrapping is due and may not begin any
 * more, `late` KMS may still take the import but nothing may go wrong, `over` KMS refuses the set.
 */
export type Urgency = 'open' | 'near' | 'tooLate' | 'late' | 'over';

const MINUTE_MS = 60_000;
const NEAR_MS = 60 * MINUTE_MS;
/** A set holds 24 hours (GetParametersForImport). */
const WHOLE_MS = 24 * 60 * MINUTE_MS;
/** What is said aloud: minutes left to the limit that comes next. */
const MILESTONES = [12 * 60, 6 * 60, 2 * 60, 60, 30, 15, 10, 5, 1];

export interface DeadlineState {
  readonly due: Deadline['due'];
  readonly urgency: Urgency;
  /** to the limit that comes next, ms */
  readonly leftMs: number;
  /** the end of the set, ISO 8601 UTC */
  readonly until: string;
  readonly toEndMs: number;
  /** Shares of the 24 hours that have gone, and at which the limit for what is due lies; 0 to 1. */
  readonly gone: number;
  readonly limitAt: number;
}

export function deadlineState({ until, due }: Deadline, now: Date): DeadlineState {
  const times = importDeadline([until], now.getTime());
  const limit = due === 'wrap' ? times.lastSafeWrap : times.lastSafeImport;
  const toLimitMs = due === 'wrap' ? times.toLastSafeWrapMs : times.toLastSafeImportMs;
  return {
    due,
    urgency: urgencyOf(due, toLimitMs, times.toValidToMs),
    leftMs: toLimitMs > 0 ? toLimitMs : times.toValidToMs,
    until,
    toEndMs: times.toValidToMs,
    gone: Math.min(1, Math.max(0, 1 - times.toValidToMs / WHOLE_MS)),
    limitAt: 1 - (Date.parse(until) - Date.parse(limit)) / WHOLE_MS,
  };
}

function urgencyOf(due: Deadline['due'], toLimitMs: number, toEndMs: number): Urgency {
  if (toEndMs === 0) return 'over';
  if (toLimitMs === 0) return due === 'wrap' ? 'tooLate' : 'late';
  return toLimitMs <= NEAR_MS ? 'near' : 'open';
}

/** Changes when there is something to say aloud: another state, or a milestone before its limit. */
export function milestoneOf({ due, urgency, leftMs }: DeadlineState): string {
  const passed = MILESTONES.filter((minutes) => leftMs <= minutes * MINUTE_MS);
  return `${due} ${urgency} ${String(passed.at(-1) ?? '')}`;
}

/** Down to the minute, and to the second in the last ten: rounded down, never to more than there is. */
export function durationText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${String(hours)} h ${String(minutes)} min`;
  if (minutes >= 10) return `${String(minutes)} min`;
  return `${String(minutes)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
