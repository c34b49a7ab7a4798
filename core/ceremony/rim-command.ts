import type { PersonCommand } from './command';
import type { EventData, SignatureLine } from './events';
import type { ActResult } from './state';

/** What the rim reports back. None of it comes from a page. */
export type RimCommand =
  | { readonly type: 'reopened'; readonly tool: EventData<'reopened'>['tool'] }
  | { readonly type: 'signedIn'; readonly seat: string; readonly officer: string; readonly signature: string }
  | {
      readonly type: 'approved';
      readonly seat: string;
      readonly officer: string;
      readonly digest: string;
      readonly signature: string;
    }
  | { readonly type: 'login' }
  | { readonly type: 'reconnect' }
  | { readonly type: 'actDone'; readonly result: ActResult }
  | { readonly type: 'paused'; readonly reason: string; readonly minutes: number; readonly inventory: string }
  | { readonly type: 'resumed'; readonly headMatches: boolean; readonly present: readonly string[]; readonly inventory: string }
  | { readonly type: 'inspected'; readonly hits: number; readonly found: EventData<'inspected'>['found'] }
  | { readonly type: 'alarm'; readonly code: string; readonly text: string }
  | { readonly type: 'clockSetBack'; readonly was: string; readonly now: string }
  | { readonly type: 'sealed'; readonly signatures: readonly SignatureLine[] };

/** Commands that need no rim first. `pause`, `resume` and `inspect` reach the engine as what the rim found. */
export type Command = Exclude<PersonCommand, { type: 'pause' | 'resume' | 'inspect' }> | RimCommand;
