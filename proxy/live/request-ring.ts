import type { LiveRequest } from '../../core/contract/proxy-live';
import type { RequestRecord } from '../request-record';

/** Requests that are kept. */
export const KEPT = 2000;
/** Requests of one answer: nobody reads more in a second, and the answer stays some 300 kB. */
export const TOLD = 500;
/** Characters of one text; an ARN can be 2,048 long. */
export const TEXT_LIMIT = 300;

/**
 * The requests of late, by reference: what a request costs here is two writes into arrays that are there already. Their texts are
 * bounded by what a request may hold (2,048 characters each), and cut when somebody asks.
 */
export class RequestRing {
  readonly #records: (RequestRecord | null)[] = Array.from({ length: KEPT }, () => null);
  readonly #times = new Float64Array(KEPT);
  #upTo = 0;

  get upTo(): number {
    return this.#upTo;
  }

  /** @param at milliseconds since 1970 */
  add(record: RequestRecord, at: number): void {
    const i = this.#upTo % KEPT;
    this.#records[i] = record;
    this.#times[i] = at;
    this.#upTo += 1;
  }

  /** Those after `since`, the newest 500 at most, the newest last. All of them where `since` is of another run, beyond the newest. */
  after(since: number): LiveRequest[] {
    const from = Math.max(since > this.#upTo ? 0 : since, this.#upTo - TOLD);
    return Array.from({ length: this.#upTo - from }, (_, i) => this.#told(from + 1 + i)).filter((told) => told !== null);
  }

  #told(seq: number): LiveRequest | null {
    const i = (seq - 1) % KEPT;
    const record = this.#records[i];
    return record ? toldOf(seq, this.#times[i] ?? 0, record) : null;
  }
}

const cut = (text: string): string => (text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT - 1)}…` : text);

function toldOf(seq: number, at: number, record: RequestRecord): LiveRequest {
  const { api, status, outcome, queueMs, hsmMs, totalMs } = record;
  return {
    seq,
    at: new Date(at).toISOString(),
    store: cut(record.store),
    api: api ?? '',
    key: cut(record.keyId),
    caller: cut(record.caller),
    via: cut(record.via),
    kmsOperation: cut(record.kmsOperation),
    kmsRequestId: cut(record.kmsRequestId),
    kmsKeyArn: cut(record.kmsKeyArn),
    accessKeyId: cut(record.accessKeyId),
    policy: cut(record.policy),
    generation: record.generation,
    status,
    outcome,
    reason: cut(record.reason),
    queueMs,
    hsmMs,
    totalMs,
  };
}
