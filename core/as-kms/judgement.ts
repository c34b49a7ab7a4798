/**
 * What a case found. `holds`; `fails`: KMS, or the safety of the keys, needs it otherwise; `warns`: works, but not as the
 * specification advises; `untested`: something else has to work first; `notApplicable`: this proxy gives no occasion.
 */
export type Outcome = 'holds' | 'fails' | 'warns' | 'untested' | 'notApplicable';

export interface Judgement {
  readonly outcome: Outcome;
  /** what was seen, for people */
  readonly seen: string;
  /** the case's own texts, where this finding has better ones */
  readonly means?: string;
  readonly remedy?: string;
  /** ConnectionErrorCode or exception of KMS that it leads to */
  readonly kmsSays?: string;
}

type More = Pick<Judgement, 'means' | 'remedy' | 'kmsSays'>;

export function holds(seen: string): Judgement {
  return { outcome: 'holds', seen };
}

export function fails(seen: string, more: More = {}): Judgement {
  return { outcome: 'fails', seen, ...more };
}

export function warns(seen: string, more: More = {}): Judgement {
  return { outcome: 'warns', seen, ...more };
}

export function untested(seen: string): Judgement {
  return { outcome: 'untested', seen };
}

export function notApplicable(seen: string): Judgement {
  return { outcome: 'notApplicable', seen };
}

const GRAVITY: readonly Outcome[] = ['fails', 'warns', 'untested', 'holds', 'notApplicable'];

/** The gravest of several, by the words of the first such; where all are alike the first speaks. */
export function gravest(judgements: readonly Judgement[]): Judgement {
  const alike = GRAVITY.map((outcome) => judgements.filter((it) => it.outcome === outcome)).find(({ length }) => length > 0);
  const [first = untested('nothing was sent'), ...more] = alike ?? [];
  const isTrouble = first.outcome === 'fails' || first.outcome === 'warns';
  return isTrouble && more.length > 0 ? { ...first, seen: `${first.seen} (and ${more.length} more)` } : first;
}
