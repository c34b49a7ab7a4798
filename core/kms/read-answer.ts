import { failure, success, type Result } from '../contract/result';
import { Incomplete } from './answers';
import type { Answered } from './answered';
import type { Sent } from './sender';

/**
 * What a caller gets of an answer of AWS: what was read of it, request id and date, not the headers. `aws.unknown` where a part is
 * missing that the API Reference promises.
 * @param read may throw Incomplete
 */
export function readAnswer<T>(
  operation: string,
  { value, requestId, at }: Sent,
  read: (output: unknown) => T,
): Result<Answered<T>> {
  try {
    return success({ value: read(value), requestId, at });
  } catch (error) {
    if (!(error instanceof Incomplete)) throw error;
    return failure('aws.unknown', { operation, name: error.name, message: error.message, requestId, status: 200 });
  }
}
