import type { ProxyPhase, ProxyProcess } from '../contract/proxy-values';
import type { ProxyStatus } from '../contract/proxy-status';
import { isServing } from '../contract/serving';
import { failure, type Failure, type Result } from '../contract/result';
import { ANSWERS, type Answer, type ControlRequest, type ControlVerb } from '../control/contract';
import { fromProxySchema, STOP_MESSAGE, type FromProxy } from '../control/supervised';
import { LastWords } from './last-words';
import type { Launch, ProxyChild } from './launch';
import { OutputLog } from './output-log';
import { PinHolder } from './pin-holder';
import { supervise } from './policy';
import { AT_REST, LIMITS, type Ending, type Order, type Standing, type SupervisionEvent } from './standing';

export interface SupervisorParts {
  readonly launch: Launch;
  readonly settingsFile: string;
  readonly environment: () => Readonly<Record<string, string>>;
  /** file for what the process prints */
  readonly output: string;
  readonly onChange: () => void;
}

/** Exit codes that starting again cannot help (docs/cli.md). */
const UNUSABLE: ReadonlySet<number> = new Set([2, 3]);

function endingOf(code: number | null): Ending {
  if (code === 0) return 'done';
  return code !== null && UNUSABLE.has(code) ? 'unusable' : 'crash';
}

/** One process at most, kept as the policy says: its timer, its messages, its PIN and its words. */
export class Supervisor {
  readonly pin = new PinHolder();
  readonly words = new LastWords();
  readonly output: OutputLog;
  readonly #parts: SupervisorParts;
  #standing: Standing = AT_REST;
  #since = new Date();
  #child: ProxyChild | null = null;
  #status: ProxyStatus | null = null;
  #timer: NodeJS.Timeout | null = null;
  #asked = 0;
  #starts = 0;
  readonly #waiting = new Set<() => void>();
  /** questions that are no heartbeats */
  readonly #quiet = new Set<number>();
  readonly #questions = new Map<number, (answer: Result<unknown>) => void>();

  constructor(parts: SupervisorParts) {
    this.#parts = parts;
    this.output = new OutputLog(parts.output);
  }

  get phase(): ProxyPhase {
    return this.#standing.phase;
  }

  get problem(): Failure | null {
    return this.#standing.problem;
  }

  get isAlive(): boolean {
    return this.#standing.isAlive;
  }

  /** How many processes were started; tells one from the next. */
  get starts(): number {
    return this.#starts;
  }

  /** As the process answered last; null: none runs, or it has not answered yet. */
  get status(): ProxyStatus | null {
    return this.#status;
  }

  process(): ProxyProcess {
    const { phase, problem, restarts, dueAt } = this.#standing;
    const waitMs = phase === 'waiting' && dueAt !== null ? Math.max(0, dueAt - performance.now()) : null;
    return {
      phase,
      since: this.#since.toISOString(),
      pid: this.#child?.pid() ?? null,
      problem,
      lastWords: this.words.lines(),
      restarts: restarts.filter((at) => at > performance.now() - LIMITS.windowMs).length,
      restartLimit: LIMITS.restarts,
      nextAt: waitMs === null ? null : new Date(Date.now() + waitMs).toISOString(),
    };
  }

  handle(event: SupervisionEvent): void {
    const before = this.#standing.phase;
    const { standing, orders } = supervise(this.#standing, event, performance.now());
    this.#standing = standing;
    if (standing.phase !== before) this.#since = new Date();
    for (const order of orders) this.#perform(order);
    this.#setTimer();
    this.#tell();
  }

  /** Asks the process how it is. */
  beat(): void {
    this.#post({ verb: 'status' });
  }

  /** Asks how it is right now, and waits for the answer, but not for ever. Nobody is told of a change because of it. */
  async fresh(withinMs: number): Promise<void> {
    if (this.phase === 'ready') await this.ask({ verb: 'status' }, withinMs);
  }

  /**
   * Asks our process over its own channel, which carries bytes as bytes: a PIN in the request is never made a text. It is the
   * caller's to overwrite, as soon as this returns.
   * @returns as `ask` of core/control: `proxy.notRunning`, `proxy.notAnswering` or `proxy.notUnderstood`, or the proxy's own refusal
   */
  ask<V extends ControlVerb>(request: Extract<ControlRequest, { verb: V }>, withinMs: number): Promise<Result<Answer<V>>> {
    if (this.#child === null) return Promise.resolve(failure('proxy.notRunning'));
    const question = this.#post(request);
    this.#quiet.add(question);
    return new Promise((resolve) => {
      const end = (answer: Result<unknown>): void => {
        clearTimeout(timer);
        this.#questions.delete(question);
        resolve(understood(request.verb, answer));
      };
      const timer = setTimeout(() => end(failure('proxy.notAnswering')), withinMs);
      this.#questions.set(question, end);
    });
  }

  /** @returns the number of the question */
  #post(request: ControlRequest): number {
    this.#asked += 1;
    this.#child?.post({ keyriteControl: this.#asked, request });
    return this.#asked;
  }

  /** Resolves when `holds` does; looked at after every change. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #tell(): void {
    for (const look of [...this.#waiting]) look();
    this.#parts.onChange();
  }

  #setTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const { dueAt } = this.#standing;
    // A millisecond more: a timer may fire a fraction of one too early, and would then have to come again.
    this.#timer = dueAt === null ? null : setTimeout(() => this.handle({ what: 'due' }), dueAt - performance.now() + 1);
  }

  #perform(order: Order): void {
    switch (order) {
      case 'start':
        return this.#start();
      case 'beat':
        return this.beat();
      case 'drain':
        return this.#child?.post(STOP_MESSAGE);
      case 'end':
        return this.#child?.end();
      case 'forgetPin':
        return this.pin.forget();
    }
  }

  #start(): void {
    this.#starts += 1;
    this.#status = null;
    let child: ProxyChild;
    try {
      child = this.#parts.launch({
        settingsFile: this.#parts.settingsFile,
        environment: this.#parts.environment(),
        onOutput: (bytes) => {
          this.words.add(bytes);
          this.output.add(bytes);
        },
      });
    } catch (error) {
      const problem = failure('proxy.notLaunched', { reason: error instanceof Error ? error.message : String(error) }).error;
      // Not from inside the step that ordered it.
      queueMicrotask(() => this.handle({ what: 'exited', how: 'unusable', problem }));
      return;
    }
    this.#child = child;
    this.#quiet.clear();
    child.onMessage((message) => {
      if (this.#child === child) this.#hear(child, message);
    });
    child.onExit((code, words) => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#status = null;
      for (const end of [...this.#questions.values()]) end(failure('proxy.notRunning'));
      const isNone = code === null && child.pid() === null;
      const problem = failure(isNone ? 'proxy.notLaunched' : 'proxy.crashed', { reason: words }).error;
      this.handle({ what: 'exited', how: isNone ? 'unusable' : endingOf(code), problem });
    });
  }

  #hear(child: ProxyChild, message: unknown): void {
    const read = fromProxySchema.safeParse(message);
    if (read.success) this.#act(child, read.data);
  }

  #act(child: ProxyChild, message: FromProxy): void {
    if ('keyriteSecretWanted' in message) {
      const name = message.keyriteSecretWanted;
      this.pin.use((pin) => child.post({ keyriteSecret: name, value: name === 'pin' ? pin : null }));
    } else if ('keyriteControl' in message) this.#heard(message);
    else if (message.keyriteProxy === 'ready') this.handle({ what: 'ready' });
    else this.handle({ what: 'refused', problem: { code: message.code, detail: message.detail } });
  }

  #heard({ keyriteControl: question, answer }: Extract<FromProxy, { readonly keyriteControl: number }>): void {
    const status = answer.ok ? ANSWERS.status.safeParse(answer.value) : null;
    if (status?.success) this.#status = status.data;
    this.#questions.get(question)?.(answer.ok ? { ok: true, value: answer.value } : answer);
    if (!this.#quiet.delete(question)) this.handle({ what: 'answered' });
  }
}

function understood<V extends ControlVerb>(verb: V, answer: Result<unknown>): Result<Answer<V>> {
  if (!answer.ok) return answer;
  const read = ANSWERS[verb].safeParse(answer.value);
  return read.success ? { ok: true, value: read.data as Answer<V> } : failure('proxy.notUnderstood', { verb });
}

/** Has the token refused the PIN of this very process, which never had a session? Another process's refusal is an old one. */
export function isRefused({ hsm }: ProxyStatus): 'now' | 'before' | 'no' {
  if (hsm.condition !== 'loginRefused' || hsm.counts.logins > 0) return 'no';
  return hsm.counts.loginsRefused > 0 ? 'now' : 'before';
}

/** Does it answer calls for keys, or its refusals because it is killed? */
export function isUp(status: ProxyStatus): boolean {
  return status.latch.killed || status.hsm.sessions.ready > 0 || isServing(status);
}
