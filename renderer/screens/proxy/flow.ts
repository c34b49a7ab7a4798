import type { LiveRequest, LiveSecond, ProxyLive } from '../../../core/contract/proxy-live';

/** Requests that the screen keeps to search in. */
export const KEPT = 2000;

/** What was heard of the proxy so far. */
export interface Flow {
  /** of which run; '' before the first answer */
  readonly run: string;
  /** the newest first */
  readonly requests: readonly LiveRequest[];
  /** came and went between two answers: they are in the audit log, not here */
  readonly missed: number;
  readonly seconds: readonly LiveSecond[];
  /** the last whole second, since 1970; 0 before the first answer */
  readonly until: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly queued: number;
  /** ask with it next */
  readonly upTo: number;
}

export const NOTHING_YET: Flow = {
  run: '',
  requests: [],
  missed: 0,
  seconds: [],
  until: 0,
  outcomes: {},
  queued: 0,
  upTo: 0,
};

/** The flow with one more answer. A proxy that was started anew begins it anew: its numbers count from 1 again. */
export function withAnswer(before: Flow, answer: ProxyLive): Flow {
  const isSameRun = before.run === answer.run && answer.upTo >= before.upTo;
  const { requests, missed, upTo } = isSameRun ? before : NOTHING_YET;
  const fresh = answer.requests.filter(({ seq }) => seq > upTo).toReversed();
  const isFirst = !isSameRun || before.run === '';
  return {
    run: answer.run,
    requests: fresh.length === 0 && isSameRun ? requests : [...fresh, ...requests].slice(0, KEPT),
    missed: missed + (isFirst ? 0 : answer.upTo - upTo - fresh.length),
    seconds: answer.seconds,
    until: answer.until,
    outcomes: answer.outcomes,
    queued: answer.queued,
    upTo: answer.upTo,
  };
}

export interface Filter {
  /** in any of a request's texts, whatever the case */
  readonly search: string;
  /** '' for every one */
  readonly caller: string;
  readonly key: string;
  readonly outcome: string;
}

export const NO_FILTER: Filter = { search: '', caller: '', key: '', outcome: '' };

export function filtered(requests: readonly LiveRequest[], filter: Filter): readonly LiveRequest[] {
  const { search, caller, key, outcome } = filter;
  const wanted = search.trim().toLowerCase();
  if (wanted === '' && caller === '' && key === '' && outcome === '') return requests;
  return requests.filter(
    (request) =>
      (caller === '' || request.caller === caller) &&
      (key === '' || request.key === key) &&
      (outcome === '' || request.outcome === outcome) &&
      (wanted === '' || textOf(request).includes(wanted)),
  );
}

function textOf(request: LiveRequest): string {
  const { store, api, key, caller, via, kmsOperation, kmsRequestId, kmsKeyArn, accessKeyId, policy, outcome, reason } = request;
  const texts = [store, api, key, caller, via, kmsOperation, kmsRequestId, kmsKeyArn, accessKeyId, policy, outcome, reason];
  return texts.join('\n').toLowerCase();
}

/** What there is to filter by, each value once, sorted. */
export function valuesOf(requests: readonly LiveRequest[], of: 'caller' | 'key' | 'outcome'): readonly string[] {
  return [...new Set(requests.map((request) => request[of]))].filter((value) => value !== '').toSorted();
}
