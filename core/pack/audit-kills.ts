import { z } from 'zod';
import { success, type Result } from '../contract/result';
import { listAudit } from './audit-listing';
import { diskFailure } from './disk-failure';
import { lineJson } from './line-json';
import { readLines } from './lines';

const text = z.string();
const actLine = z.union([
  z.object({ at: text, type: z.enum(['killed', 'armed']), data: z.object({ who: text, why: text }) }),
  /** what was pulled past the proxy while it was killed, as its next start found it, and each start after that */
  z.object({
    type: z.literal('started'),
    data: z.object({ latch: z.object({ pulls: z.array(z.object({ by: text, why: text, at: text })) }) }),
  }),
]);
const TYPES = ['killed', 'armed', 'started'].map((type) => `"type":"${type}"`);

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
    return success(eachOnce(found.flat()));
  } catch (error) {
    return diskFailure(error, folder);
  }
}

/** In their order, without those that were said before. */
export function eachOnce(kills: readonly RecordedKill[]): readonly RecordedKill[] {
  return [...new Map(kills.map((kill) => [JSON.stringify([kill.at, kill.who, kill.why]), kill])).values()];
}

/** The kills of one file behind its last arming. */
async function killsIn(path: string): Promise<{ kills: RecordedKill[]; wasArmed: boolean }> {
  let kills: RecordedKill[] = [];
  let wasArmed = false;
  await readLines(path, {
    line: (line) => {
      // parsing every request of a busy log for its few acts would take minutes
      if (!TYPES.some((type) => line.includes(type))) return;
      const read = actLine.safeParse(lineJson(line));
      if (!read.success) return;
      const act = read.data;
      if (act.type === 'started') kills.push(...act.data.latch.pulls.map(({ by, why, at }) => ({ at, who: by, why })));
      else if (act.type === 'killed') kills.push({ at: act.at, ...act.data });
      else kills = [];
      wasArmed ||= act.type === 'armed';
    },
    fault: () => undefined,
  });
  return { kills, wasArmed };
}
