import { errnoOf } from '../../core/pack/disk-failure';
import type { Abandoned } from './chain-file';
import type { ActData } from './drafts';

/** Why nothing can be written, until the log works again and says so itself. */
export interface Trouble {
  readonly problem: string;
  /** ISO 8601 UTC */
  readonly since: string;
  readonly unsyncedFrom: number;
  /** requests of which there is no line */
  readonly lost: number;
  /** first and last event of a write that came back too late: their callers were told that it failed */
  readonly late: { readonly first: number; readonly last: number } | null;
}

/** What `recordingResumed` tells. `-1` where there is no such event. */
export function resumedData(trouble: Trouble, abandoned: Abandoned | null, onFailure: 'refuse' | 'continue'): ActData {
  const { problem, since, unsyncedFrom, lost, late } = trouble;
  return {
    problem,
    since,
    unsyncedFrom,
    lost,
    lateFrom: late?.first ?? -1,
    lateTo: late?.last ?? -1,
    onFailure,
    abandonedFile: abandoned?.file ?? '',
    abandonedBecause: abandoned?.problem ?? '',
  };
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EFBIG: 'the file may not grow further',
  EIO: 'the disk answers with an error',
  EROFS: 'the disk is mounted read-only',
  EACCES: 'access is denied',
  EPERM: 'access is denied',
  EEXIST: 'a file has the name of the next audit file',
  ENOENT: 'the audit folder is gone',
  ENOTDIR: 'the audit folder is gone',
};

/** For people: what keeps the log from being written. */
export function diskProblem(error: unknown): string {
  const errno = errnoOf(error);
  const sentence = SENTENCES[errno];
  if (sentence !== undefined) return `${sentence} (${errno})`;
  return error instanceof Error ? error.message : String(error);
}
