import { plainText, type Act } from '../../core/control/act';
import type { LatchDisk } from '../../core/control/latch-disk';
import { spoilLatch } from '../../core/control/latch-fallback';
import { latchBytes, type Block, type LatchRecord, type Pull } from '../../core/control/latch-record';
import type { AfterRestart, LatchState } from '../../core/contract/latch-state';
import { failure, success, type Result } from '../../core/contract/result';
import { errnoOf } from '../../core/pack/disk-failure';
import type { XksFailure } from '../../core/xks/errors';
import { isKeyId } from '../../core/xks/uri';
import type { Beginning } from './beginning';

const KILLED: XksFailure = {
  name: 'InvalidStateException',
  reason: 'killed',
  message: 'The kill switch of this external key store proxy is on: it uses no key until a person arms it again.',
};
const BLOCKED: XksFailure = {
  name: 'InvalidStateException',
  reason: 'blocked',
  message: 'This key is blocked at the external key store proxy until a person unblocks it.',
};

interface Tools {
  readonly hasHistory: boolean;
  readonly now: () => number;
  readonly disk: LatchDisk;
}

type Said = Pick<LatchRecord, 'by' | 'why' | 'at'>;
type Write = Promise<Result<null>>;

/**
 * The latch in memory, and the one writer of its file (see `Latch`). Writes take turns, each with what memory says when its turn
 * comes, so the file ends as memory does. Whoever loosens looks, before and after writing, whether somebody tightened meanwhile.
 */
export class KeptLatch {
  readonly #tools: Tools;
  #isKilled: boolean;
  #said: Said;
  readonly #blocks: Map<string, Block>;
  #problem: string;
  #restart: AfterRestart;
  /** Could the file on the medium bring a restart up armed? */
  #mayBootArmed: boolean;
  /** begins with the clock: what somebody saw before a restart is no number of this process */
  #kills: number;
  /** pulls past the proxy while it was killed, before this start */
  #pulls: readonly Pull[];
  readonly #blockings = new Map<string, number>();
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor({ record, problem, restart }: Beginning, tools: Tools) {
    this.#tools = tools;
    this.#isKilled = record.state === 'killed';
    this.#said = record;
    this.#kills = tools.now();
    this.#pulls = record.pulls ?? [];
    this.#blocks = new Map(record.blocks.map((block) => [block.key, block]));
    this.#problem = problem;
    this.#restart = restart;
    this.#mayBootArmed = !this.#isKilled || restart === 'unknown';
  }

  mayUse(key: string): XksFailure | null {
    if (this.#isKilled) return KILLED;
    return this.#blocks.has(key) ? BLOCKED : null;
  }

  tightened(key: string | null): number {
    return key === null ? this.#kills : this.#blockingsOf(key);
  }

  state(): LatchState {
    const { blocks, by, why, at, pulls } = this.#record();
    const blocked = blocks.map(({ key }) => key);
    return {
      killed: this.#isKilled,
      blocked,
      blocks,
      by,
      why,
      at,
      problem: this.#problem,
      restart: this.#restart,
      kills: this.#kills,
      ...(pulls !== undefined && { pulls }),
    };
  }

  kill(act: Act): Write {
    this.#kills++;
    if (!this.#isKilled) this.#said = this.#stamp(act); // who comes second did not kill it
    this.#isKilled = true;
    return this.#inTurn(async () => {
      const errno = await this.#write(this.#record());
      return errno === null ? success(null) : this.#keepKilled(errno);
    });
  }

  arm(act: Act): Write {
    const kills = this.#kills;
    const said = this.#stamp(act);
    return this.#loosen({
      toWrite: ({ version, blocks }) => ({ version, state: 'armed', ...said, blocks }),
      isOvertaken: () => this.#kills !== kills,
      apply: () => {
        this.#isKilled = false;
        this.#said = said;
        this.#pulls = [];
        this.#problem = '';
      },
    });
  }

  block(key: string, act: Act): Write {
    if (!isKeyId(key)) return Promise.resolve(failure('input.pattern', { name: 'key' })); // no file of ours could hold it
    this.#blockings.set(key, this.#blockingsOf(key) + 1);
    if (!this.#blocks.has(key)) this.#blocks.set(key, { key, ...this.#stamp(act) });
    return this.#inTurn(async () => {
      const errno = await this.#write(this.#record());
      return errno === null ? success(null) : this.#notWritten(errno);
    });
  }

  unblock(key: string): Write {
    const blockings = this.#blockingsOf(key);
    return this.#loosen({
      toWrite: (record) => ({ ...record, blocks: record.blocks.filter((block) => block.key !== key) }),
      isOvertaken: () => this.#blockingsOf(key) !== blockings,
      apply: () => void this.#blocks.delete(key),
    });
  }

  #loosen(change: { toWrite: (record: LatchRecord) => LatchRecord; isOvertaken: () => boolean; apply: () => void }): Write {
    return this.#inTurn(async () => {
      if (change.isOvertaken()) return failure('proxy.overtaken');
      const before = { restart: this.#restart, mayBootArmed: this.#mayBootArmed };
      const errno = await this.#write(change.toWrite(this.#record()));
      if (errno !== null) return this.#putBack(errno, before);
      if (change.isOvertaken()) return failure('proxy.overtaken'); // whoever overtook writes next and puts the file right
      change.apply();
      this.#restart = 'same';
      return success(null);
    });
  }

  /** The errno where it failed; then the file may be the old one or the new one. */
  async #write(record: LatchRecord): Promise<string | null> {
    try {
      await this.#tools.disk.replace(latchBytes(record));
      this.#mayBootArmed = record.state === 'armed';
      this.#restart = same(record, this.#record()) ? 'same' : 'unknown';
      return null;
    } catch (error) {
      this.#mayBootArmed ||= record.state === 'armed';
      this.#restart = this.#mayBootArmed ? 'unknown' : 'killed';
      return errnoOf(error) || String(error);
    }
  }

  async #keepKilled(errno: string): Write {
    if (this.#mayBootArmed) {
      this.#restart = await spoilLatch(this.#tools.disk, latchBytes(this.#record()), this.#tools.hasHistory);
      this.#mayBootArmed = this.#restart === 'unknown';
    }
    return this.#restart === 'same' ? success(null) : this.#notWritten(errno);
  }

  /** Loosening failed, and nothing may have come of it: after a restart neither. */
  async #putBack(errno: string, before: { readonly restart: AfterRestart; readonly mayBootArmed: boolean }): Write {
    const reading = await this.#tools.disk.read();
    if (reading.kind === 'read' && same(reading.record, this.#record())) {
      this.#restart = before.restart; // the write never got as far as the name
      this.#mayBootArmed = before.mayBootArmed;
    } else {
      const again = await this.#write(this.#record());
      if (again !== null && this.#isKilled) await this.#keepKilled(again);
    }
    return this.#notWritten(errno);
  }

  #notWritten(errno: string): Result<null> {
    return failure('proxy.latchNotWritten', { path: this.#tools.disk.path, errno, restart: this.#restart });
  }

  #record(): LatchRecord {
    const blocks = [...this.#blocks.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    const { by, why, at } = this.#said;
    const pulls = this.#pulls.length > 0 && { pulls: this.#pulls };
    return { version: 1, state: this.#isKilled ? 'killed' : 'armed', by, why, at, blocks, ...pulls };
  }

  #blockingsOf(key: string): number {
    return this.#blockings.get(key) ?? 0;
  }

  #stamp({ who, why }: Act): Said {
    return { by: plainText(who), why: plainText(why), at: new Date(this.#tools.now()).toISOString() };
  }

  #inTurn(work: () => Write): Write {
    const turn = this.#lastTurn.then(work);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

function same(a: LatchRecord, b: LatchRecord): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
