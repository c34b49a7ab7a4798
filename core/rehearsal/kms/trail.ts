import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { REHEARSAL_ACCOUNT } from './identity';
import type { TrailEvent } from './trail-event';

/** The CloudTrail of a rehearsal: files as CloudTrail delivers them into a bucket, whose root is the folder. */
export interface Trail {
  readonly folder: string;
  record(events: readonly TrailEvent[]): void;
  /** Resolves when everything recorded so far is in files. */
  flush(): Promise<void>;
}

const compress = promisify(gzip);

/**
 * Each flush writes a new file for each Region, and calls that end while one is being written share the next. `now`: the clock that
 * names the files.
 */
export function openTrail(folder: string, now: () => number): Trail {
  let waiting: TrailEvent[] = [];
  let last: Promise<void> = Promise.resolve();
  const writeAllWaiting = async (): Promise<void> => {
    const events = waiting;
    waiting = [];
    const regions = new Set(events.map(({ awsRegion }) => awsRegion));
    for (const region of regions)
      await writeTrailFile(
        folder,
        region,
        now(),
        events.filter(({ awsRegion }) => awsRegion === region),
      );
  };
  return {
    folder,
    record: (events) => {
      waiting.push(...events);
    },
    flush: () => {
      const mine = last.then(writeAllWaiting);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}

async function writeTrailFile(folder: string, region: string, now: number, events: readonly TrailEvent[]): Promise<void> {
  const at = new Date(now).toISOString();
  const [year, month, day] = [at.slice(0, 4), at.slice(5, 7), at.slice(8, 10)];
  const place = join(folder, 'AWSLogs', REHEARSAL_ACCOUNT, 'CloudTrail', region, year, month, day);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const name = `${REHEARSAL_ACCOUNT}_CloudTrail_${region}_${year}${month}${day}T${at.slice(11, 13)}${at.slice(14, 16)}Z_${unique()}.json.gz`;
  await writeFile(join(place, name), await compress(JSON.stringify({ Records: events })), { flag: 'wx', mode: 0o600 });
}

/** 16 letters and digits. */
function unique(): string {
  return randomBytes(24)
    .toString('base64')
    .replaceAll(/[^a-zA-Z0-9]/g, 'x')
    .slice(0, 16);
}
