import { BackOff } from './back-off';
import type { Home } from './crew';
import type { Dispatcher } from './dispatcher';
import type { HsmProcess } from './hsm-process';
import { ENDED_IN_LOGIN, type LoginGate } from './login-gate';
import { Member } from './member';
import type { HsmEvent } from './options';
import type { HsmState } from './port';
import type { FromProcess } from './process-messages';
import type { BeginMessage, ToProcess } from './process/messages';

/** Loading a library, finding a token, logging in and opening sessions may take this long, in ms; then the process is given up. */
const START_MS = 20_000;

/** How long a process may take to log out, in ms, before it is ended. */
const LEAVE_MS = { killed: 40, retired: 500 } as const;

/** How long a kill looks, in ms, whether the processes that it ended are gone: a busy machine may say so late. */
const SEEN_GONE_MS = 200;

export interface FleetParts {
  readonly dispatcher: Dispatcher;
  readonly processes: number;
  /** per process */
  readonly threads: number;
  readonly deadlineMs: number;
  readonly start: (threads: number) => HsmProcess;
  /** The first message, with a copy of the PIN. @throws when the PIN cannot be had */
  readonly begin: (mayUseFinalTry: boolean) => BeginMessage;
  readonly gate: LoginGate;
  /** see HsmOptions */
  readonly pinChangedAt: () => number | null;
  readonly epoch: () => number;
  /** milliseconds since 1970 */
  readonly now: () => number;
  /** milliseconds of a clock that only goes forward */
  readonly clock: () => number;
  readonly onEvent: (event: HsmEvent) => void;
}

/** What concerns some threads of a process and says nothing against the others. */
const ONE_THREAD: ReadonlySet<string> = new Set(['hung', 'slowStart']);

type Ready = Extract<FromProcess, { readonly is: 'ready' }>;

/**
 * Keeps as many HSM processes as were asked for: starts them one after the other (one login at a time), replaces what fails before
 * it is ended, and stops logging in when the token refuses the PIN.
 */
export class Fleet {
  readonly #parts: FleetParts;
  readonly #members = new Set<Member>();
  readonly #backOff = new BackOff();
  #notBefore = 0;
  #timer: NodeJS.Timeout | null = null;
  #isWanted = false;
  #keyMaking: ((problem: string) => void) | null = null;
  token: HsmState['token'] = null;
  problem = '';
  hasServed = false;
  readonly counts = { workersReplaced: 0, logins: 0, loginsRefused: 0 };

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /** Begins to keep processes. */
  open(): void {
    this.#isWanted = true;
    this.tryNow();
  }

  /** The gate is open again: try now. */
  tryNow(): void {
    this.#backOff.reset();
    this.#notBefore = 0;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#maintain();
  }

  /** Ends all processes, whatever hangs. Resolves true when they are gone, and after 200 ms with false. */
  kill(): Promise<boolean> {
    const gone = this.#leaveAll(LEAVE_MS.killed).then(() => true);
    return Promise.race([gone, new Promise<false>((resolve) => setTimeout(() => resolve(false), SEEN_GONE_MS))]);
  }

  /** Lets all processes log out and end. */
  async stop(): Promise<void> {
    await this.#leaveAll(LEAVE_MS.retired);
  }

  tellAll(message: ToProcess): void {
    for (const { process } of this.#members) process.tell(message);
  }

  forgetKeys(): void {
    for (const { directory } of this.#members) directory.forgetAll();
  }

  /** A process failed as a whole. It is replaced, and serves until then what the others cannot. */
  condemn(home: Home, why: string): void {
    const member = this.#memberOf(home);
    if (member === null) return;
    if (why === 'garbled') member.process.end();
    if (member.phase === 'serving' || member.phase === 'opening') {
      member.phase = 'condemned';
      // Where one thread hangs, the others are as good as ever.
      if (!ONE_THREAD.has(why)) member.standing = 'doubted';
      this.#event('condemned', member, why);
      this.#lost(`An HSM process failed: ${why}.`);
    }
    if (this.#parts.dispatcher.crew.threadsOf(home) === 0) member.process.end();
  }

  /** A process without orders, after it was closed. */
  idle(home: Home): void {
    const member = this.#memberOf(home);
    if (member?.phase === 'leaving') this.#leave(member, LEAVE_MS.retired);
  }

  /** Has one process make the health key; answers '' or what went wrong. */
  makeKey(message: ToProcess & { readonly is: 'makeKey' }, deadlineMs: number): Promise<string> {
    const member = [...this.#members].find(({ phase }) => phase === 'serving');
    if (member === undefined) return Promise.resolve('notReady');
    if (this.#keyMaking !== null) return Promise.resolve('busy');
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#keyMaking?.('deadline'), deadlineMs);
      this.#keyMaking = (problem) => {
        clearTimeout(timer);
        this.#keyMaking = null;
        resolve(problem);
      };
      member.process.tell(message);
    });
  }

  get isWhole(): boolean {
    return [...this.#members].filter(({ phase }) => phase === 'serving').length >= this.#parts.processes;
  }

  #memberOf(home: Home): Member | null {
    return [...this.#members].find((member) => member === home) ?? null;
  }

  #event(what: HsmEvent['what'], member: Member, why: string): void {
    this.#parts.onEvent({ what, pid: member.process.pid, why });
  }

  /** Starts a process if one is missing, none is just logging in, and the back-off lets it. */
  #maintain(): void {
    if (!this.#isWanted || this.#parts.gate.refusal !== null || this.#timer !== null) return;
    const phases = [...this.#members].map(({ phase }) => phase);
    if (phases.includes('starting')) return;
    if (phases.filter((phase) => phase === 'opening' || phase === 'serving').length >= this.#parts.processes) return;
    const waitMs = this.#notBefore - this.#parts.clock();
    if (waitMs <= 0) return this.#launch();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#maintain();
    }, waitMs);
  }

  #launch(): void {
    let begin: BeginMessage;
    try {
      begin = this.#parts.begin(this.#parts.gate.mayUseFinalTry);
    } catch {
      return this.#lost('The PIN could not be read.');
    }
    const member = new Member(this.#parts.start(this.#parts.threads));
    this.#members.add(member);
    member.process.onEnd((why) => this.#ended(member, why));
    member.process.onMessage((message) => this.#hear(member, message));
    member.process.tell(begin);
    begin.pin?.fill(0);
    member.timer = setTimeout(() => this.#tooSlow(member), START_MS);
    this.#event('started', member, '');
  }

  /** Some sessions may be open and serve; the others hang. */
  #tooSlow(member: Member): void {
    if (member.phase === 'opening') this.condemn(member, 'slowStart');
    else {
      member.isLoggingIn = false; // ended by us: a network that is away hangs there, too
      member.process.end();
    }
  }

  #endIn(member: Member, ms: number): void {
    if (member.timer !== null) clearTimeout(member.timer);
    member.timer = setTimeout(() => member.process.end(), ms);
  }

  #hear(member: Member, message: FromProcess): void {
    if (message.is === 'keyMade') this.#keyMaking?.(message.problem);
    else if (member.phase !== 'starting') return;
    else if (message.is === 'loggingIn') member.isLoggingIn = true;
    else if (message.is === 'ready') this.#loggedIn(member, message);
    else this.#startFailed(member, message);
  }

  #loggedIn(member: Member, { slot, token }: Ready): void {
    this.counts.logins += 1;
    this.#parts.gate.loggedIn();
    const { label, serial, model, manufacturer } = token;
    this.token = { label, serial, model, manufacturer };
    member.phase = 'opening';
    member.openThreads(Buffer.from(slot, 'hex'), serial, this.#parts.epoch(), this.#parts.dispatcher, {
      onOpened: (opened, refused) => this.#opened(member, opened, refused),
      onGarbled: () => this.condemn(member, 'garbled'),
    });
    this.#maintain();
  }

  #startFailed(member: Member, { phase, reason }: Extract<FromProcess, { readonly is: 'failed' }>): void {
    this.problem = `No login to the token: ${reason} (${phase}).`;
    member.isLoggingIn = false;
    if (phase === 'login') this.#loginFailed(member, reason);
    this.#event('startFailed', member, `${phase} ${reason}`);
    this.#makeRoom(reason);
    member.process.end();
  }

  /** Before anything else the gate closes: a crash from here on must not lead to another try. */
  #loginFailed(member: Member, reason: string): void {
    const gate = this.#parts.gate.failed(reason, new Date(this.#parts.now()).toISOString(), this.#parts.pinChangedAt());
    if (gate === 'open') return;
    this.counts.loginsRefused += 1;
    if (gate === 'unmarked') this.problem += ' It could not be written down: a restart would try the PIN again.';
    this.#event('loginRefused', member, reason);
  }

  #opened(member: Member, opened: number, refused: string): void {
    if (member.phase !== 'opening') return;
    const isCrowded = this.#makeRoom(refused);
    if (opened === 0 || isCrowded) {
      this.problem = `No session could be opened: ${refused}.`;
      member.process.end();
      return;
    }
    if (member.timer !== null) clearTimeout(member.timer);
    member.phase = 'serving';
    this.hasServed = true;
    this.#event('ready', member, refused);
    for (const old of this.#condemned()) this.#retire(old);
    if (this.isWhole) this.problem = refused === '' ? '' : `Some sessions could not be opened: ${refused}.`;
    this.#maintain();
  }

  #condemned(): readonly Member[] {
    return [...this.#members].filter(({ phase }) => phase === 'condemned');
  }

  /** Where the token has no room for old and new sessions at once, the old go first. True: they do. */
  #makeRoom(reason: string): boolean {
    const condemned = reason === 'CKR_SESSION_COUNT' ? this.#condemned() : [];
    for (const { process } of condemned) process.end();
    return condemned.length > 0;
  }

  /** A process is missing now. */
  #lost(problem: string): void {
    this.problem = problem;
    if (this.hasServed) this.counts.workersReplaced += this.#parts.threads;
    this.#notBefore = this.#parts.clock() + this.#backOff.failed(this.#parts.clock());
    this.#maintain();
  }

  #ended(member: Member, why: string): void {
    const { phase } = member;
    this.#members.delete(member);
    if (member.timer !== null) clearTimeout(member.timer);
    this.#event('ended', member, why);
    this.#parts.dispatcher.remove(member);
    this.#keyMaking?.('processEnded');
    if (phase === 'condemned' || phase === 'leaving') return this.#maintain();
    if (phase === 'starting' && member.isLoggingIn) this.#loginFailed(member, ENDED_IN_LOGIN);
    this.#lost(phase === 'serving' || this.problem === '' ? `An HSM process ended: ${why}.` : this.problem);
  }

  #retire(member: Member): void {
    member.phase = 'leaving';
    this.#endIn(member, this.#parts.deadlineMs + LEAVE_MS.retired);
    this.#parts.dispatcher.close(member);
  }

  #leave(member: Member, ms: number): void {
    if (member.isTold) return;
    member.isTold = true;
    member.process.tell({ is: 'leave' });
    this.#endIn(member, ms);
  }

  #leaveAll(ms: number): Promise<unknown> {
    this.#isWanted = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const members = [...this.#members];
    const gone = members.map((member) => new Promise<void>((resolve) => member.process.onEnd(() => resolve())));
    for (const member of members) {
      this.#parts.dispatcher.close(member);
      member.phase = 'leaving';
      this.#leave(member, ms);
      // It may be leaving already, in its own time.
      this.#endIn(member, ms);
    }
    return Promise.all(gone);
  }
}
