import { basename, join } from 'node:path';
import { auditLine, type AuditDraft, type AuditPlace } from '../../core/evidence/audit-line';
import { auditFileName } from '../../core/evidence/audit-name';
import { sha256Text } from '../../core/pack/sha256';
import type { AuditDisk, AuditFile } from './audit-disk';

export interface ChainFileSettings {
  readonly folder: string;
  readonly fileBytes: number;
  readonly sync: 'each' | 'second';
}

/** The file to write on, and where in it. */
export interface FileEnd {
  readonly path: string;
  readonly file: AuditFile;
  /** bytes that hold whole lines */
  readonly length: number;
  /** `YYYY-MM-DD` of the events in it, '' while it has none */
  readonly day: string;
}

/** A file that could not be written on. */
export interface Abandoned {
  readonly file: string;
  readonly problem: string;
}

/**
 * The chain of the audit log on disk: whole lines at the end of the newest file, a new file when that is long enough or the day
 * (UTC) has ended. One call at a time, but for `sync` and `problem`. Rejects with the system's error, and then nothing was added:
 * the chain goes on from the last line that was written, after `repair`.
 */
export class ChainFile {
  readonly #settings: ChainFileSettings;
  readonly #disk: AuditDisk;
  #end: FileEnd;
  #place: AuditPlace;
  /** bytes of lines that do not count may stand behind the end */
  #isTorn = false;
  #isDirty = false;
  #unsyncedFrom: number;

  constructor(settings: ChainFileSettings, disk: AuditDisk, end: FileEnd, place: AuditPlace) {
    this.#settings = settings;
    this.#disk = disk;
    this.#end = end;
    this.#place = place;
    this.#unsyncedFrom = place.seq;
  }

  get place(): AuditPlace {
    return this.#place;
  }

  get path(): string {
    return this.#end.path;
  }

  /** the first event that may not be on the medium yet */
  get unsyncedFrom(): number {
    return this.#unsyncedFrom;
  }

  /** Writes the drafts as the next events of the chain, at least one. */
  async append(drafts: readonly AuditDraft[]): Promise<void> {
    const day = drafts[0]?.at.slice(0, 10) ?? '';
    if (this.#isFull(day)) await this.#rotate();
    const { bytes, place } = chained(drafts, this.#place);
    const { file, length } = this.#end;
    this.#isTorn = true;
    await file.write(bytes, length);
    if (this.#settings.sync === 'each') await this.#settle(length + bytes.length);
    this.#isTorn = false;
    this.#isDirty = this.#settings.sync === 'second';
    if (!this.#isDirty) this.#unsyncedFrom = place.seq;
    this.#end = { ...this.#end, length: length + bytes.length, day: this.#end.day || day };
    this.#place = place;
  }

  /** Brings what was written onto the medium. */
  async sync(): Promise<void> {
    if (!this.#isDirty) return;
    const { seq } = this.#place;
    this.#isDirty = false;
    await this.#end.file.sync();
    this.#unsyncedFrom = Math.max(this.#unsyncedFrom, seq);
  }

  /** What somebody else did to the file; null: nothing. */
  async problem(): Promise<string | null> {
    const { file, length } = this.#end;
    const { isNamed, size } = await file.look();
    if (!isNamed) return 'the file was removed, moved or exchanged while it was written';
    if (this.#isTorn || this.#end.file !== file || this.#end.length !== length || size === length) return null;
    return `the file has ${size} bytes where ${length} were written: another program changed it`;
  }

  /**
   * Makes the chain fit to be written on after a failure: cuts off what does not count, or begins a new file where the old one is
   * not ours any more.
   */
  async repair(): Promise<Abandoned | null> {
    if (this.#isTorn) {
      await this.#end.file.cut(this.#end.length);
      await this.#end.file.sync();
      this.#isTorn = false;
    }
    const problem = await this.problem();
    if (problem === null) return null;
    const abandoned = { file: basename(this.#end.path), problem };
    await this.#begin();
    return abandoned;
  }

  async close(): Promise<void> {
    await this.#end.file.close();
  }

  #isFull(day: string): boolean {
    return this.#end.day !== '' && (this.#end.length >= this.#settings.fileBytes || day > this.#end.day);
  }

  /** The old file first: an event that is on the medium must not stand behind one that is not. */
  async #rotate(): Promise<void> {
    this.#isDirty = true;
    await this.sync();
    await this.#begin();
  }

  async #begin(): Promise<void> {
    const path = join(this.#settings.folder, auditFileName(this.#place.seq));
    const file = await this.#disk.create(path);
    const old = this.#end.file;
    this.#end = { path, file, length: 0, day: '' };
    await old.close().catch(() => undefined); // its lines are on the medium, or are known not to be
  }

  async #settle(length: number): Promise<void> {
    await this.#end.file.sync();
    const { isNamed, size } = await this.#end.file.look();
    if (!isNamed || size !== length) throw new Error('the file was removed, exchanged or changed while it was written');
  }
}

function chained(drafts: readonly AuditDraft[], from: AuditPlace): { bytes: Uint8Array; place: AuditPlace } {
  let text = '';
  let { seq, prev } = from;
  for (const draft of drafts) {
    const { line, hash } = auditLine(draft, { seq, prev }, sha256Text);
    text += `${line}\n`;
    seq += 1;
    prev = hash;
  }
  return { bytes: Buffer.from(text, 'utf8'), place: { seq, prev } };
}
