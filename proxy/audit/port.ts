import type { RequestRecord } from '../request-record';
import type { ActData } from './drafts';

/** How the audit log is, for `keyrite status`, metrics and whoever decides whether to serve. */
export interface AuditState {
  /** false: a line cannot be written now; requests and acts get `false` at once until it works again */
  readonly isWritable: boolean;
  /** why not, for people; else '' */
  readonly problem: string;
  /** events written by this process */
  readonly written: number;
  /** requests whose line was not written, or not in time, since start */
  readonly failed: number;
  /** the next event's number, and the hash it will carry as `prev` */
  readonly seq: number;
  readonly head: string;
  /** absolute path of the file that is being written */
  readonly file: string;
  /** the folder held events before this process began: a latch that is missing now was lost */
  readonly hadHistory: boolean;
  /** how the newest file was found damaged when this process began, for people; else '' */
  readonly damage: string;
}

/** The audit log of one proxy: one chained line for each request and each act, in `audit-<first seq>.jsonl` files (docs/audit-log.md). */
export interface Audit {
  /**
   * Resolves true when the line is written: write(2) has returned, and fsync too where `sync` is `each`. False when that failed
   * or took longer than 100 ms; where `onFailure` is `refuse` the caller must not be answered then, and no line will say it was.
   */
  request(record: RequestRecord): Promise<boolean>;
  /**
   * Records what a person or the proxy itself did. `data.who`, when given, becomes the event's actor. False: not written yet. The
   * act is kept and written when the log works again, for it happened all the same.
   */
  act(type: string, data: ActData): Promise<boolean>;
  readonly state: AuditState;
  /** Writes what waits, syncs, closes, gives the folder back. Takes two seconds at most, whatever the disk does. */
  close(): Promise<void>;
}
