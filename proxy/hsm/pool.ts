import { refusal, type XksFailure } from '../../core/xks/errors';
import type { Home } from './crew';
import { Dispatcher } from './dispatcher';
import { KILLED, LOGGED_OUT, LOGIN_REFUSED, STOPPED } from './failures';
import { Fleet } from './fleet';
import { forkedHsmProcess } from './hsm-process';
import { IvGuard } from './iv-guard';
import { LoginGate } from './login-gate';
import { loginMarker, type LoginMarker } from './login-marker';
import { NO_PROFILE } from './no-profile';
import type { HsmOptions } from './options';
import {
  decryptReading,
  describeReading,
  encryptReading,
  probeReading,
  refusedToDecrypt,
  refusedToEncrypt,
  type Reading,
} from './orders';
import type { Decrypted, DecryptOrder, Encrypted, EncryptOrder, Hsm, HsmAnswer, HsmRules, HsmState } from './port';
import type { BeginMessage } from './process/messages';
import { promised } from './task';

/** Making a key may take longer on a token than any request may, in ms. */
const MAKE_KEY_MS = 15_000;

/** How often `stop` looks whether the last operation is done, in ms. */
const STOP_LOOK_MS = 5;

const NO_TIME = { queueMs: 0, hsmMs: 0 };

const clock = (): number => performance.now();

/**
 * A refusal says nothing about a PIN that came later. Told by what the source said then and says now, not by the clock: a machine
 * that boots with its clock behind would try the same PIN at every start.
 */
function dropOldRefusal(marker: LoginMarker, pinChangedAt: number | null): void {
  const refused = marker.read();
  if (refused === null || refused.pinChangedAt === null || pinChangedAt === null) return;
  if (pinChangedAt !== refused.pinChangedAt) marker.remove();
}

/** The threads of one process: the sessions shared out, none left over. */
function threadsPerProcess({ sessions, processes }: HsmOptions['pool']): number {
  return Math.max(1, Math.ceil(sessions / processes));
}

/**
 * The HSM behind a pool of processes, each with threads that have a session each. Answers at once; `state` tells how the start goes.
 */
export function openHsm(options: HsmOptions, rules: HsmRules): Hsm {
  const { pool, healthKey, legacyMetadata, stateFolder, module } = options;
  const profile = options.profile ?? NO_PROFILE;
  const threads = threadsPerProcess(pool);
  const encryptions = new Map<string, number>();
  const ivs = new IvGuard();
  const marker = loginMarker(stateFolder);
  dropOldRefusal(marker, options.pinChangedAt());
  const gate = new LoginGate(marker);
  const startProcess = options.startProcess ?? forkedHsmProcess(options.processEntry);
  let { pin } = options;
  let epoch = 0;
  let rest: 'no' | 'killed' | 'stopped' = options.isKilled ? 'killed' : 'no';

  const dispatcher: Dispatcher = new Dispatcher({
    now: clock,
    soon: (work) => void setImmediate(work),
    queue: pool.queue,
    deadlineMs: pool.deadlineMs,
    hungMs: Math.max(pool.hungMs, pool.deadlineMs),
    healthKey,
    mayUse: (label) => rules.mayUse(label),
    epoch: () => epoch,
    onSick: (home, why) => fleet.condemn(home, why),
    onHung: (home) => fleet.condemn(home, 'hung'),
    onIdle: (home) => fleet.idle(home),
  });

  function begin(mayUseFinalTry: boolean): BeginMessage {
    const { token, iv, mechanism } = options;
    const facts = { libraryParameters: profile.libraryParameters, environment: profile.environment };
    return { is: 'begin', module, facts, token, threads, iv, mechanism, pin: pin(), mayUseFinalTry, epoch };
  }

  const fleet: Fleet = new Fleet({
    dispatcher,
    processes: pool.processes,
    threads,
    deadlineMs: pool.deadlineMs,
    start: (count) => startProcess(count, options.environment),
    begin,
    gate,
    pinChangedAt: options.pinChangedAt,
    epoch: () => epoch,
    now: options.now,
    clock,
    onEvent: options.onEvent,
  });
  if (rest === 'no') fleet.open();

  /** Why nothing can be done now or soon; null: it may be tried. */
  function outage(): XksFailure | null {
    if (rest === 'killed') return KILLED;
    if (rest === 'stopped') return STOPPED;
    if (gate.loggedOut !== 'no') return LOGGED_OUT;
    return gate.refusal !== null && dispatcher.crew.threads.ready === 0 ? LOGIN_REFUSED : null;
  }

  function ask<T>({ read, ...parts }: Reading<T>): Promise<HsmAnswer<T>> {
    const error = outage();
    if (error !== null) return Promise.resolve({ ok: false, error, ...NO_TIME });
    return promised<Home, T>((order) => dispatcher.accept(order), parts, read);
  }

  const refuse = (error: XksFailure): Promise<HsmAnswer<never>> => Promise.resolve({ ok: false, error, ...NO_TIME });

  function encrypt(order: EncryptOrder): Promise<HsmAnswer<Encrypted>> {
    const error = refusedToEncrypt(order);
    const count = (label: string): void => void encryptions.set(label, (encryptions.get(label) ?? 0) + 1);
    return error === null ? ask(encryptReading(order, ivs, count)) : refuse(error);
  }

  function decrypt(order: DecryptOrder): Promise<HsmAnswer<Decrypted>> {
    const error = refusedToDecrypt(order);
    return error === null ? ask(decryptReading(order, legacyMetadata)) : refuse(error);
  }

  function condition(ready: number): HsmState['condition'] {
    if (rest !== 'no') return rest;
    if (gate.loggedOut !== 'no') return 'loggedOut';
    if (ready === 0 && gate.refusal !== null) return 'loginRefused';
    if (!fleet.hasServed) return 'starting';
    return fleet.isWhole ? 'serving' : 'recovering';
  }

  function problem(now: HsmState['condition']): string {
    if (now === 'killed') return 'This proxy was switched off by a person.';
    if (gate.refusal !== null && gate.loggedOut !== 'no')
      return `A person logged this proxy out at ${gate.refusal.at}. No login until a person acts.`;
    if (gate.refusal !== null)
      return `The token refused the PIN at ${gate.refusal.at} (${gate.refusal.why}). No login until a person acts.`;
    return fleet.problem;
  }

  async function makeHealthKey(): Promise<HsmAnswer<null>> {
    const error = outage();
    if (error !== null) return refuse(error);
    const began = clock();
    const wrong = await fleet.makeKey({ is: 'makeKey', label: healthKey, module, profile }, MAKE_KEY_MS);
    fleet.forgetKeys();
    const times = { queueMs: 0, hsmMs: clock() - began };
    if (wrong === '') return { ok: true, value: null, ...times };
    const text =
      wrong === 'key.duplicate' ? `The token has something labelled "${healthKey}" already.` : `It could not be made: ${wrong}.`;
    return { ...refusal('InternalException', wrong, text), ...times };
  }

  async function stop(): Promise<void> {
    if (rest === 'no') rest = 'stopped';
    const until = clock() + pool.deadlineMs;
    while (dispatcher.isBusy && clock() < until) await new Promise((resolve) => setTimeout(resolve, STOP_LOOK_MS));
    dispatcher.failAll(STOPPED);
    await fleet.stop();
  }

  async function logOut(): Promise<{ readonly isKept: boolean }> {
    const marked = gate.logOut(new Date(options.now()).toISOString());
    dispatcher.failAll(LOGGED_OUT);
    await fleet.stop();
    return { isKept: marked === 'closed' };
  }

  function kill(): Promise<boolean> {
    rest = 'killed';
    dispatcher.failAll(KILLED);
    return fleet.kill();
  }

  return {
    describe: (key) => ask(describeReading(key, clock)),
    encrypt,
    decrypt,
    probe: () => ask(probeReading(healthKey)),
    makeHealthKey,
    state: () => {
      const { ready, hung } = dispatcher.crew.threads;
      const now = condition(ready);
      return {
        condition: now,
        problem: problem(now),
        loggedOut: gate.loggedOut,
        sessions: { wanted: threads * pool.processes, ready, busy: dispatcher.crew.busy, hung },
        queued: dispatcher.queued,
        counts: {
          ...fleet.counts,
          timeouts: dispatcher.timeouts,
          throttled: dispatcher.throttled,
          encryptions: Object.fromEntries(encryptions),
        },
        token: fleet.token,
      };
    },
    forgetKeys: () => fleet.forgetKeys(),
    blocksChanged: () => {
      epoch += 1;
      fleet.tellAll({ is: 'epoch', epoch });
    },
    kill,
    arm: () => {
      if (rest !== 'killed') return;
      rest = 'no';
      fleet.open();
    },
    logOut,
    logOuts: () => gate.logOuts,
    retryLogin: (given) => {
      if (given !== null) {
        const kept = Uint8Array.from(given);
        pin = () => Uint8Array.from(kept);
      }
      gate.forgive();
      if (rest === 'no') fleet.open();
    },
    stop,
  };
}
