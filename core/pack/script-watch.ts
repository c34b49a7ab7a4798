import { join } from 'node:path';
import type { CeremonyEvent } from '../ceremony/events';
import { readScript } from '../ceremony/script-file';
import { Soundness } from '../ceremony/soundness';
import type { TranscriptEvent } from '../evidence/event';
import { PACK } from './layout';
import { readWholeFile } from './pack-files';

/** Larger than any script that can be read; a bigger file is some other file. Bytes. */
const MAX_SCRIPT_BYTES = 2 ** 21;

/** Where the record departs from its script. */
export interface Departure {
  readonly event: number;
  readonly what: string;
}

/**
 * Watches a transcript go by and holds each event against the pack's own script. What it finds counts only when transcript and
 * script have been proved: until then neither is to be believed.
 */
export class ScriptWatch {
  readonly #soundness: Soundness | null;
  #departure: Departure | null = null;

  private constructor(soundness: Soundness | null) {
    this.#soundness = soundness;
  }

  /** A script that this version does not read cannot be held against anything: `isJudging` says so. */
  static async open(packFolder: string): Promise<ScriptWatch> {
    const bytes = await readWholeFile(join(packFolder, PACK.script), MAX_SCRIPT_BYTES);
    const reading = bytes && readScript(new TextDecoder().decode(bytes));
    return new ScriptWatch(reading?.ok ? new Soundness(reading.script) : null);
  }

  get isJudging(): boolean {
    return this.#soundness !== null;
  }

  get departure(): Departure | null {
    return this.#departure;
  }

  /** @param event one that held, so it is of the vocabulary */
  feed(event: TranscriptEvent): void {
    if (this.#departure !== null || this.#soundness === null) return;
    const what = this.#soundness.feed(event as CeremonyEvent);
    if (what !== null) this.#departure = { event: event.seq, what };
  }
}
