import { failure, type Failure } from '../../contract/result';

/**
 * AWS took an act that must not happen twice, and what came of it could not be seen afterwards: throttled, refused, out of reach. That
 * answer must not read as one of the act itself, or people would do it again: they look first.
 */
export function inDoubt(operation: string, { code, detail }: Failure): ReturnType<typeof failure> {
  return failure('aws.noAnswer', { ...detail, operation, because: code });
}
