import type { Result } from '../contract/result';

/** What AWS answered, with what CloudTrail knows the call by. */
export interface Answered<T> {
  readonly value: T;
  /** `x-amzn-RequestId` */
  readonly requestId: string;
  /** the answer's own date, ISO 8601 UTC; '' where it had none */
  readonly at: string;
}

export type Asked<T> = Promise<Result<Answered<T>>>;
