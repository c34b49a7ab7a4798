import { z } from 'zod';
import { success, type Result } from '../contract/result';
import { listAudit } from './audit-listing';
import { diskFailure } from './disk-failure';
import { lineJson } from './line-json';
import { readLines } from './lines';

const actLine = z.object({
  at: z.string(),
  type: z.enum(['killed', 'armed']),
  data: z.object({ who: z.string(), why: z.string() }),
});

/** One pull of the kill switch, as the audit log has it. `at`: ISO 8601 UTC. */
export interface RecordedKill {
  readonly at: string;
  readonly who: string;
  readonly why: string;
}

/**
 * Every kill since the proxy was armed last, oldest first: also those of a proxy that was killed already, of which the latch says
 * nothing. This proves nothing; `verifyAudit` does.
 */
export async function killsSinceArmed(folder: string): Promise<Result<readonly RecordedKill[]>> {
  try {
    const { files } = await listAudit(folder);
    const found: RecordedKill[][] = [];
    for (const { path } of files.toReversed()) {
      const { kills, wasArmed } = await killsIn(path);
      found.unshift(kills);
      if (wasArmed) break;
    }
    return success(found.flat());
  } catch (error) {
    return diskFailure(error, folder);
  }
}

/** The kills of one file behind its last arming. */
async function killsIn(path: string): Promise<{ kills: RecordedKill[]; wasArmed: boolean }> {
  let kills: RecordedKill[] = [];
  let wasArmed = false;
  await readLines(path, {
    line: (line) => {
      // parsing every request of a busy log for its few acts would take minutes
      if (!line.includes('"type":"killed"') && !line.includes('"type":"armed"')) return;
      const read = actLine.safeParse(lineJson(line));
      if (!read.success) return;
      const { at, type, data } = read.data;
      if (type === 'killed') kills.push({ at, ...data });
      else kills = [];
      wasArmed ||= type === 'armed';
    },
    fault: () => undefined,
  });
  return { kills, wasArmed };
}
