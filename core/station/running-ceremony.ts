import { failure, success, type Failure, type Result } from '../contract/result';
import { currentStep } from '../ceremony/current-step';
import { eraseWord } from '../ceremony/do-form';
import { loginNeeded } from '../ceremony/decide-act';
import type { PersonCommand, SignCommand } from '../ceremony/command';
import type { CeremonyState } from '../ceremony/state';
import { isVerb, verbFacts } from '../ceremony/verbs';
import { view } from '../ceremony/view';
import type { CeremonyView } from '../ceremony/view-model';
import type { Outcome } from '../keys/evidence';
import { finishPack } from '../pack/finish';
import { verifyPack } from '../pack/verify';
import { ActGround, type RunningGround } from './act-ground';
import { asResult } from './act-result';
import { ACTS } from './acts/acts';
import { forgetPrivately } from './acts/private-file';
import { takeInventory } from './acts/token-inventory';
import { inspectTraces } from './recovery';
import { SignOff, type Say } from './sign-off';
import { textToSign } from './text-to-sign';
import { TokenHolder } from './token-holder';
import type { Transcript } from './transcript';

/**
 * One ceremony under way: every call is one turn, in order, and ends with a new view. Decisions are the engine's; here is only
 * the rim: token, credentials, disk.
 */
export class RunningCeremony {
  readonly #parts: RunningGround;
  readonly #transcript: Transcript;
  readonly #token: TokenHolder;
  readonly #acts: ActGround;
  readonly #signOff = new SignOff();
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;
  #lost: string | null = null;
  #progress = '';

  constructor(parts: RunningGround, transcript: Transcript) {
    this.#parts = parts;
    this.#transcript = transcript;
    this.#token = new TokenHolder(parts.ground.startTokenProcess, (reason) => void this.#inTurn(() => this.#tokenLost(reason)));
    this.#acts = new ActGround(parts, transcript, this.#token.port, (progress) => {
      this.#progress = progress;
      this.#show();
    });
  }

  get state(): CeremonyState {
    return this.#transcript.state;
  }

  view(): CeremonyView {
    const pendingSignatures = this.#signOff.lines(this.state).map((line) => ({ seat: line.seat, agrees: 'signature' in line }));
    const { halt } = this.#transcript;
    return view(this.#transcript.script, this.state, { pendingSignatures, halt, progress: this.#progress });
  }

  submit(command: PersonCommand, pin: Uint8Array | null, typed: string): Promise<Result<CeremonyView>> {
    return this.#answer(() => this.#perform(command, pin, typed));
  }

  login(pin: Uint8Array | null): Promise<Result<CeremonyView>> {
    return this.#answer(async () => {
      if (pin === null && !this.state.token.pinOnDevice) return failure('input.invalid', { field: 'pin' });
      const connected = await this.#reconnect();
      if (!connected.ok) return connected;
      // another module or token than before must not be given a PIN until people have decided
      const open = this.state.exceptions.find(({ decided }) => decided === null);
      if (open) return failure('ceremony.openException', { number: open.number });
      const decided = await this.#transcript.submit({ type: 'login' });
      return decided.ok ? this.#carryOut('side', pin) : decided;
    });
  }

  sign(command: SignCommand, passphrase: Uint8Array | null): Promise<Result<CeremonyView>> {
    return this.#answer(() => this.#credential(command, passphrase));
  }

  retry(): Promise<Result<CeremonyView>> {
    return this.#answer(async () => {
      const written = await this.#transcript.retry();
      if (!written.ok) return written;
      await this.#tellLoss();
      return this.#finishIfSealed();
    });
  }

  /** The first view. `mirror`: why the second copy that was asked for cannot be had, for the record. */
  begin(mirror: Failure | null): Promise<Result<CeremonyView>> {
    return this.#answer(() => this.#tellMirror(mirror));
  }

  /** After a restart: says so in the transcript, and completes a pack that was sealed but not finished. */
  reopen(mirror: Failure | null): Promise<Result<CeremonyView>> {
    return this.#answer(async () => {
      if (this.state.phase === 'sealed') return this.#finishIfSealed();
      const told = await this.#transcript.submit({ type: 'reopened', tool: { ...this.#parts.ground.tool } });
      return told.ok ? this.#tellMirror(mirror) : told;
    });
  }

  #tellMirror(mirror: Failure | null): Promise<Result<null>> {
    if (mirror === null) return Promise.resolve(success(null));
    const text = `The second copy of the evidence is not being written: ${mirror.code}.`;
    return this.#transcript.submit({ type: 'alarm', code: 'file.mirrorLost', text });
  }

  /** Ends token process and journal. The transcript stays as it is, to be gone on with or sealed. */
  async close(): Promise<void> {
    this.#acts.leave();
    await this.#inTurn(async () => {
      this.#closed = true;
      await this.#logOut();
      await this.#token.stop();
      this.#acts.close();
      await this.#transcript.close();
    });
  }

  // --- turns -----------------------------------------------------------------------------------------------------

  #inTurn<T>(body: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(body);
    this.#turn = done.catch(() => undefined); // the caller gets the error; the next turn goes on
    return done;
  }

  #answer(body: () => Promise<Result<null>>): Promise<Result<CeremonyView>> {
    return this.#inTurn(async () => {
      if (this.#closed) return failure('ceremony.notNow');
      const done = await body();
      this.#show();
      return done.ok ? success(this.view()) : done;
    });
  }

  #show(): void {
    this.#parts.ground.onChange(this.view());
  }

  async #tokenLost(reason: string): Promise<void> {
    if (this.#closed || this.state.phase === 'sealed') return;
    this.#lost = reason;
    await this.#tellLoss();
    this.#show();
  }

  /** Kept until it is written: a state that believes in a login that is gone would try acts for nothing. */
  async #tellLoss(): Promise<void> {
    if (this.#lost === null) return;
    const text = `The process that held the token is gone: ${this.#lost}`;
    const told = await this.#transcript.submit({ type: 'alarm', code: 'token.lost', text });
    if (told.ok) this.#lost = null;
  }

  // --- commands --------------------------------------------------------------------------------------------------

  async #perform(command: PersonCommand, pin: Uint8Array | null, typed: string): Promise<Result<null>> {
    switch (command.type) {
      case 'act':
        return this.#act(command, pin, typed);
      case 'pause':
        return this.#pause(command.reason, command.minutes);
      case 'resume':
        return this.#resume(command);
      case 'inspect':
        return this.#inspect();
      default: {
        const done = await this.#transcript.submit(command);
        if (done.ok && this.state.phase === 'signOff') await this.#logOut();
        return done;
      }
    }
  }

  async #act(command: Extract<PersonCommand, { type: 'act' }>, pin: Uint8Array | null, typed: string): Promise<Result<null>> {
    const step = currentStep(this.#transcript.script, this.state);
    const verb = !this.state.mustDestroy && step?.do.action === 'act' ? verbFacts(step.do.verb) : null;
    if (verb?.pin && pin === null && !this.state.token.pinOnDevice) return failure('input.invalid', { field: 'pin' });
    if (verb?.erases && typed !== eraseWord(this.state)) return failure('ceremony.differs', { what: 'serial' });
    if (this.state.data['token.open'] !== undefined && this.#transcript.halt === null) {
      const connected = await this.#reconnect();
      if (!connected.ok) return connected;
    }
    const decided = await this.#transcript.submit(command);
    return decided.ok ? this.#carryOut('pending', pin) : decided;
  }

  /** After the token process was lost: the same module and token again, recorded as an act of its own. */
  async #reconnect(): Promise<Result<null>> {
    if (this.state.token.open || this.state.data['token.open'] === undefined) return success(null);
    const decided = await this.#transcript.submit({ type: 'reconnect' });
    if (!decided.ok) return decided;
    const done = await this.#carryOut('side', null);
    if (!done.ok) return done;
    const { open, serial } = this.#transcript.state.token;
    return open ? success(null) : failure('token.notFound', { serial });
  }

  /** Does what the intent on disk says, and records what came of it. A failed act is a result, not a refusal of the turn. */
  async #carryOut(which: 'pending' | 'side', pin: Uint8Array | null): Promise<Result<null>> {
    const act = this.state[which];
    if (act === null || !isVerb(act.operation)) return failure('ceremony.notNow');
    this.#progress = '';
    this.#show();
    const began = performance.now();
    const record = async (done: Result<Outcome>): Promise<Result<null>> => {
      const tookMs = Math.round(performance.now() - began);
      const result = await asResult(this.#parts.packFolder, { operation: act.operation, tookMs }, done);
      const recorded = await this.#transcript.submit({ type: 'actDone', result });
      if (!recorded.ok || result.error === null) return recorded;
      return which === 'side' ? { ok: false, error: result.error as Failure } : success(null);
    };
    try {
      const done = await ACTS[act.operation](this.#acts.context(act.details, pin));
      // a process that did not answer in time may answer late: it is ended, and the token asked anew
      if (!done.ok && done.error.code === 'token.timeout') await this.#token.stop();
      return await record(done);
    } catch (fault) {
      // a bug of ours must not leave an intent without an answer; it is recorded as an act of unknown effect, then told as the bug it is
      await record(failure('token.device', { operation: act.operation }));
      throw fault;
    }
  }

  /** Leaves the token as it stands and takes note of what is on it. */
  async #pause(reason: string, minutes: number): Promise<Result<null>> {
    const inventory = await this.#inventoryDigest();
    if (!inventory.ok) return inventory;
    const paused = await this.#transcript.submit({ type: 'paused', reason, minutes, inventory: inventory.value });
    if (paused.ok) await this.#logOut();
    return paused;
  }

  async #resume({ headMatches, present }: Extract<PersonCommand, { type: 'resume' }>): Promise<Result<null>> {
    const needed = loginNeeded(this.#transcript.script, this.state);
    if (needed) return failure('token.notLoggedIn', { user: needed.user });
    const inventory = await this.#inventoryDigest();
    if (!inventory.ok) return inventory;
    return this.#transcript.submit({ type: 'resumed', headMatches, present, inventory: inventory.value });
  }

  /** '' while nobody is logged in: a token shows its private objects to nobody then, and some refuse to list any. */
  async #inventoryDigest(): Promise<Result<string>> {
    if (this.state.token.loggedIn === null) return success('');
    const connected = await this.#reconnect();
    if (!connected.ok) return connected;
    const port = await this.#token.port();
    if (!port.ok) return port;
    const inventory = await takeInventory(port.value);
    return inventory.ok ? success(inventory.value.digest) : inventory;
  }

  async #inspect(): Promise<Result<null>> {
    const operation = this.state.pending?.operation ?? '';
    const looked = operation.startsWith('token.') ? await this.#tokenAtHand(operation) : success(null);
    if (!looked.ok) return looked;
    const traces = await inspectTraces(this.#acts.context({}, null));
    if (!traces.ok && traces.error.code === 'token.timeout') await this.#token.stop();
    return traces.ok ? this.#transcript.submit({ type: 'inspected', ...traces.value }) : traces;
  }

  /** What lies on the token is seen by those who are logged in. */
  async #tokenAtHand(operation: string): Promise<Result<null>> {
    const connected = operation === 'token.initialise' ? success(null) : await this.#reconnect();
    if (!connected.ok) return connected;
    const needed = loginNeeded(this.#transcript.script, this.state);
    return needed ? failure('token.notLoggedIn', { user: needed.user }) : success(null);
  }

  /** Best effort and unrecorded: the recorded logout is a step of the script. */
  async #logOut(): Promise<void> {
    const port = this.#token.running;
    if (port.ok) await port.value.logout();
  }

  // --- credentials -----------------------------------------------------------------------------------------------

  async #credential(command: SignCommand, passphrase: Uint8Array | null): Promise<Result<null>> {
    if (command.type === 'dissent') return this.#say(command.seat, { doNotAgree: command.reason });
    if (passphrase === null) return failure('input.invalid', { field: 'passphrase' });
    const person = this.state.participants.find(({ seat }) => seat === command.seat);
    if (person?.officer !== command.officer) return failure('ceremony.wrongRole', { seat: command.seat });
    const text = textToSign(this.#transcript.script, this.state, command);
    if (!text.ok) return text;
    const signature = await this.#parts.officers.sign(command.officer, passphrase, text.value);
    if (!signature.ok) return signature;
    const { seat, officer } = command;
    switch (command.type) {
      case 'signIn':
        return this.#transcript.submit({ type: 'signedIn', seat, officer, signature: signature.value });
      case 'approve':
        return this.#transcript.submit({ type: 'approved', seat, officer, digest: command.digest, signature: signature.value });
      case 'sign':
        return this.#say(seat, { signature: signature.value });
    }
  }

  async #say(seat: string, say: Say): Promise<Result<null>> {
    const taken = this.#signOff.add(this.state, seat, say);
    if (!taken.ok || !this.#signOff.isComplete(this.state)) return taken;
    const sealed = await this.#transcript.submit({ type: 'sealed', signatures: this.#signOff.lines(this.state) });
    return sealed.ok ? this.#finishIfSealed() : sealed;
  }

  async #finishIfSealed(): Promise<Result<null>> {
    if (this.state.phase !== 'sealed') return success(null);
    await this.#logOut();
    await this.#token.stop();
    // loaded here because drawing a PDF is the heaviest thing the app knows, and the rarest
    const { drawReport } = await import('../pack/report');
    const finished = await finishPack(this.#parts.packFolder, drawReport);
    if (!finished.ok) return finished;
    const forgotten = await forgetPrivately(this.#acts.privateFolder);
    if (!forgotten.ok) return forgotten;
    // proved at once, while the people who can explain it are still in the room
    const check = await verifyPack(this.#parts.packFolder);
    return check.problem === null
      ? success(null)
      : failure('file.damaged', { where: check.problem.where, what: check.problem.what });
  }
}
