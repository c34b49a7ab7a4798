import type { AuditDraft } from '../../core/evidence/audit-line';

export interface WaitingLine {
  readonly draft: AuditDraft;
  /** what it tells happened whatever becomes of its line: written later rather than never */
  readonly isKept: boolean;
  readonly isRequest: boolean;
}

interface Entry extends WaitingLine {
  /** null: its caller has been told */
  settle: ((written: boolean) => void) | null;
}

/** Lines that may wait; one is some 700 bytes. */
const LIMIT = 16_384;
/** Lines kept while the disk is in trouble. Fewer, so that there is room for others once it works again. */
const KEPT_LIMIT = 8192;

/** Lines on their way to the disk: those that wait, and the batch that is being written. Tells their callers, each once. */
export class WaitingLines {
  #waiting: Entry[] = [];
  #begun: Entry[] = [];
  #failed = 0;

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  get isFull(): boolean {
    return this.#waiting.length >= LIMIT;
  }

  /** requests that were told their line is not written */
  get failed(): number {
    return this.#failed;
  }

  add(line: WaitingLine): Promise<boolean> {
    return new Promise((settle) => this.#waiting.push({ ...line, settle }));
  }

  /** Takes a line nobody waits for, if it is to be kept and there is room. @returns how many lines were lost by that: 0 or 1 */
  turnAway(line: WaitingLine, mayKeep: boolean): number {
    if (line.isRequest) this.#failed += 1;
    if (!line.isKept || !mayKeep || this.#waiting.length >= KEPT_LIMIT) return 1;
    this.#waiting.push({ ...line, settle: null });
    return 0;
  }

  putFirst(draft: AuditDraft): void {
    this.#waiting.unshift({ draft, isKept: true, isRequest: false, settle: null });
  }

  /** The next batch, which one of `succeed` and `failBack` ends. */
  begin(most: number): readonly AuditDraft[] {
    this.#begun = this.#waiting.splice(0, most);
    return this.#begun.map(({ draft }) => draft);
  }

  succeed(): void {
    for (const entry of this.#begun) this.#tell(entry, true);
    this.#begun = [];
  }

  /** The callers of the batch wait no longer; it may still be written. */
  failBegun(): void {
    for (const entry of this.#begun) this.#tell(entry, false);
  }

  /** The batch was not written: what is to be kept stands first again. @returns how many lines are lost */
  failBack(): number {
    this.failBegun();
    const kept = this.#begun.filter(({ isKept }) => isKept);
    const lost = this.#begun.length - kept.length;
    this.#begun = [];
    this.#waiting = [...kept, ...this.#waiting];
    return lost;
  }

  /** Tells all who wait, and forgets lines that are not to be kept. @returns how many lines are lost */
  failWaiting(): number {
    for (const entry of this.#waiting) this.#tell(entry, false);
    const kept = this.#waiting.filter(({ isKept }) => isKept);
    const lost = this.#waiting.length - kept.length;
    this.#waiting = kept;
    return lost;
  }

  failAll(): void {
    for (const entry of [...this.#begun, ...this.#waiting]) this.#tell(entry, false);
    this.#waiting = [];
  }

  #tell(entry: Entry, written: boolean): void {
    if (entry.settle === null) return;
    if (!written && entry.isRequest) this.#failed += 1;
    entry.settle(written);
    entry.settle = null;
  }
}
