import type { LatchDisk, LatchReading } from '../../../core/control/latch-disk';
import { readLatchBytes } from '../../../core/control/latch-record';

export type Means = 'replace' | 'overwrite' | 'empty' | 'remove';

/** What happens to one write: it works, it fails before or after changing what readers see, or it waits until it is let go. */
export type Fate = 'works' | 'failsBefore' | 'failsAfter';

/** A latch file in memory whose writes fail when told to. `failsAfter` is a rename whose folder could not be synced. */
export class MemoryDisk implements LatchDisk {
  readonly path = '/memory/latch.json';
  /** what readers see */
  content: Uint8Array | null;
  /** what may be on the medium: one of these is what a power cut leaves */
  possible: readonly (Uint8Array | null)[];
  /** asked before each write */
  fate: (means: Means) => Fate | Promise<Fate> = () => 'works';
  readonly writes: Means[] = [];

  constructor(content: Uint8Array | null = null) {
    this.content = content;
    this.possible = [content];
  }

  readonly read = async (): Promise<LatchReading> => {
    if (this.content === null) return { kind: 'missing' };
    const read = readLatchBytes(this.content);
    return 'record' in read ? { kind: 'read', ...read } : { kind: 'unusable', mayPass: false, ...read };
  };

  readonly replace = (bytes: Uint8Array) => this.#change('replace', bytes);
  readonly overwrite = (bytes: Uint8Array) => this.#change('overwrite', bytes);
  readonly empty = () => this.#change('empty', new Uint8Array());
  readonly remove = () => this.#change('remove', null);

  async #change(means: Means, content: Uint8Array | null): Promise<void> {
    this.writes.push(means);
    const fate = await this.fate(means);
    if (fate === 'failsBefore') throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
    this.content = content;
    this.possible = fate === 'works' ? [content] : [...this.possible, content];
    if (fate === 'failsAfter') throw Object.assign(new Error('not on the medium'), { code: 'EIO' });
  }
}
