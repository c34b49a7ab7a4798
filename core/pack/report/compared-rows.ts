import type { CeremonyEvent } from '../../ceremony/events';
import type { ShowBlock } from '../../keys/evidence';
import type { RecordLine } from './record-line';

type Compared = Extract<CeremonyEvent, { type: 'compared' }>;

/** Eight ticks of one read-out are one line in the report: what was compared, by whom, and which rows differed. */
export class ComparedRows {
  #rows: Compared[] = [];

  /** Takes the next event of a step; answers the read-out that it ends, if any. */
  take(event: CeremonyEvent): { line: RecordLine; block: ShowBlock } | null {
    if (event.type !== 'compared') return this.settle();
    const settled = this.#rows.some(({ data }) => data.value !== event.data.value || data.row >= event.data.row)
      ? this.settle()
      : null;
    this.#rows.push(event);
    return settled;
  }

  settle(): { line: RecordLine; block: ShowBlock } | null {
    const rows = this.#rows;
    const [first, last] = [rows[0], rows.at(-1)];
    this.#rows = [];
    if (!first || !last) return null;
    const differing = rows.filter(({ data }) => !data.equal).map(({ data }) => data.row);
    const verdict = differing.length === 0 ? 'all equal' : `row ${differing.join(', ')} DIFFERS`;
    const text = `Compared ${rows.length} of 8 rows of ${first.data.value}: ${verdict} (events ${first.seq} to ${last.seq})`;
    const line = { seq: last.seq, at: last.at, who: `${last.role} ${last.actor}`, text, isAlarming: differing.length > 0 };
    return { line, block: { kind: 'fingerprint', title: `What was compared: ${first.data.value}`, digest: first.data.digest } };
  }
}
