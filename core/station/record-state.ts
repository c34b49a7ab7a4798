import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readEvent, type CeremonyEvent } from '../ceremony/events';
import { replay } from '../ceremony/evolve';
import type { CeremonyState } from '../ceremony/state';
import type { TranscriptEvent } from '../evidence/event';
import { PACK } from '../pack/layout';

/**
 * What the record of a ceremony comes to, for filling in forms. Nothing is proven here: that is what `verifyPack` is for. Rejects where
 * there is no such record; throws for one whose lines are no events.
 * @returns null for an empty record
 */
export async function stateOfRecord(packFolder: string): Promise<CeremonyState | null> {
  const text = await readFile(join(packFolder, PACK.transcript), 'utf8');
  return replay(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => known(JSON.parse(line) as TranscriptEvent)),
  );
}

function known(event: TranscriptEvent): CeremonyEvent {
  const reading = readEvent(event);
  if (!reading.ok) throw new Error(`A record holds an event that is none: ${reading.problem}`);
  return reading.event;
}
