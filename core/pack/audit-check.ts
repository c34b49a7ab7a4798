/** Something wrong. `line` from 1, null where it is the whole file; `seq` the event that belongs there, null where not known. */
export interface AuditProblem {
  readonly file: string;
  readonly line: number | null;
  readonly seq: number | null;
  readonly what: string;
}

/** Worth knowing, no failure. */
export interface AuditNote {
  readonly file: string;
  readonly what: string;
}

/** The verdict on an audit log. Everything but `problems` and `exitCode` counts what holds. */
export interface AuditCheck {
  readonly ok: boolean;
  /** 0 it holds; 1 it does not; 2 it cannot be read as an audit log */
  readonly exitCode: 0 | 1 | 2;
  readonly summary: string;
  readonly files: number;
  readonly events: number;
  /** the first and last event that hold; -1 for none */
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** hash of the last event that holds; 64 zeros for none */
  readonly head: string;
  /** how many events of each type */
  readonly types: Readonly<Record<string, number>>;
  /** how many requests with each outcome */
  readonly outcomes: Readonly<Record<string, number>>;
  /** what is wrong, in the order of the files, 20 at most */
  readonly problems: readonly AuditProblem[];
  /** 20 at most */
  readonly notes: readonly AuditNote[];
}
