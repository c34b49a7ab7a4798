import type { RequestRecord } from '../request-record';

interface Line {
  readonly level: 'debug' | 'warn';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Failed requests told in one second: whoever sends rubbish must not fill the disk with our complaints. */
const MOST_IN_A_SECOND = 20;

/** What the log says of requests. */
export class RequestLines {
  readonly #now: () => number;
  #second = 0;
  #told = 0;
  #untold = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  linesFor(record: RequestRecord): readonly Line[] {
    const line = requestLine(record);
    if (line.level === 'debug') return [line];
    const summary = this.#turnSecond();
    if (this.#told >= MOST_IN_A_SECOND) {
      this.#untold += 1;
      return summary;
    }
    this.#told += 1;
    return [...summary, line];
  }

  #turnSecond(): readonly Line[] {
    const second = Math.floor(this.#now() / 1000);
    if (second === this.#second) return [];
    const requests = this.#untold;
    this.#second = second;
    this.#told = 0;
    this.#untold = 0;
    return requests === 0 ? [] : [{ level: 'warn', message: 'more requests failed than were told', fields: { requests } }];
  }
}

function requestLine({ outcome, reason, status, api, store, keyId, kmsRequestId, totalMs, policy }: RequestRecord): Line {
  const fields = { kmsRequestId, api, store, keyId, status, totalMs };
  if (outcome === 'ok') return { level: 'debug', message: 'answered', fields };
  return { level: 'warn', message: outcome, fields: { ...fields, reason, ...(policy !== '' && { policy }) } };
}
