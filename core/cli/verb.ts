/**
 * How a verb ends. The same numbers for every verb, documented in docs/cli.md:
 * `done` the work is done and the answer is yes; `no` the answer is no (a pack that does not verify, a rehearsal that was stopped);
 * `unusable` the input cannot be used (arguments, unreadable files); `lacking` this machine lacks something; `bug` our fault;
 * `stopped` by Ctrl-C or SIGTERM.
 */
export const EXIT = { done: 0, no: 1, unusable: 2, lacking: 3, bug: 70, stopped: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One option as node:util's parseArgs takes it, with what `--help` says of it. */
export interface VerbOption {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean;
  /** What stands for the value in the usage, e.g. DIR. Only for `string`. */
  readonly value?: string;
  readonly hint: string;
}

export type VerbValue = string | boolean | (string | boolean)[] | undefined;

export interface VerbContext {
  readonly values: Readonly<Record<string, VerbValue>>;
  readonly positionals: readonly string[];
  /** One line (or several) to stdout; the newline is added. Data goes here, alone where `--json` is given. */
  readonly out: (text: string) => void;
  /** The same to stderr: progress and complaints. */
  readonly err: (text: string) => void;
  /** Is stdout a terminal where colour is wanted (a TTY, and NO_COLOR is not set)? */
  readonly isTerminal: boolean;
  /** Aborted by Ctrl-C or SIGTERM: finish the journal, stop children, answer an exit code. */
  readonly signal: AbortSignal;
}

/** One `keyrite <verb>`. Lives in a file of its own and is exported as `verb`. */
export interface Verb {
  readonly name: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** What follows `keyrite`, e.g. `verify DIR [--json]`. */
  readonly usage: string;
  /** Without `help`: every verb gets it. */
  readonly options: Readonly<Record<string, VerbOption>>;
  /** Positionals: how many at least and at most. */
  readonly positionals: { readonly min: number; readonly max: number };
  /** Paragraphs printed under the options by `--help`, e.g. what to know and what the exit codes mean here. */
  readonly notes?: readonly string[];
  run(context: VerbContext): Promise<ExitCode>;
}
