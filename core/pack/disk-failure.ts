import { failure, type Failure } from '../contract/result';
import type { ErrorCode } from '../contract/errors';

const CODES: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'file.diskFull',
  EDQUOT: 'file.diskFull',
  EFBIG: 'file.diskFull',
  ENOENT: 'file.notFound',
  ENOTDIR: 'file.notFound',
  ENODEV: 'file.notFound',
  ENXIO: 'file.notFound',
  ESTALE: 'file.notFound',
  EEXIST: 'file.exists',
  ELOOP: 'file.foreign',
  EACCES: 'file.notWritable',
  EPERM: 'file.notWritable',
  EROFS: 'file.notWritable',
  EBUSY: 'file.notWritable',
  EIO: 'file.notWritable',
};

/** The errno of a system error, or '' for anything else. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * A file system's refusal as a value. A disk that answers EIO counts as not writable: what matters to people is the same.
 * @throws the error itself when it is none of the expected ones, for then it is a bug
 */
export function diskFailure(error: unknown, path: string): { readonly ok: false; readonly error: Failure } {
  const errno = errnoOf(error);
  const code = CODES[errno];
  if (code === undefined) throw error;
  return failure(code, { path, errno });
}
