import { join } from 'node:path';
import type { ProxySnapshot } from '../contract/proxy-values';
import type { ProxyStatus } from '../contract/proxy-status';
import { failure, success, type Result } from '../contract/result';
import type { Act } from '../control/act';
import { ask } from '../control/ask';
import { makeOwnFolder } from '../control/own-folder';
import type { StationProxy } from '../station/proxy-port';
import { addressesGone } from './addresses';
import { keep, keptOf } from './keep-running';
import type { Launch } from './launch';
import { loginJudge } from './login-judge';
import { latchOfRunning, latchOnDisk, NO_LATCH } from './latch-glance';
import { openMachineNews, type MachineNews } from './machine-news';
import { watchOtherProcess } from './other-process';
import { runPlaces, type StationKill } from './run-places';
import type { SettingsGlance } from './settings-glance';
import { settingsPlaces } from './settings-places';
import { standstillOf } from './standstill';
import { Supervisor } from './supervisor';
import { tokenLogin } from './token-login';
import { unkeptOf } from './unkept';
import { isOver, untilSettled } from './until-settled';

type Environment = Readonly<Record<string, string>>;
type Around = Pick<ProxySnapshot, 'service' | 'switches'>;

export interface StationProxyOptions {
  /** `settings.toml`, and beside it what StationProxy says; also `process.log` and `keep-running.json` of the supervision */
  readonly folder: string;
  readonly launch: Launch;
  /** all of the environment that the process gets: see core/pkcs11/environment */
  readonly environment: () => Environment | Promise<Environment>;
  /** The PIN of the practice token, which needs no person. Asked for where the settings name SoftHSM, never for another token. */
  readonly practicePin?: () => Uint8Array | null;
  /** what only the program around it knows */
  readonly around?: () => Around;
}

/** A station's proxy with all that a screen or a tray needs besides. */
export interface SupervisedProxy extends StationProxy {
  readonly kill: (act: Act) => Promise<StationKill>;
  readonly snapshot: () => Promise<ProxySnapshot>;
  /** Told after every change, and with every heartbeat. @returns ends it */
  readonly onChange: (listener: () => void) => () => void;
  /** Tries this PIN, or the one of the settings once more, after one was refused. The bytes are overwritten. */
  readonly login: (act: Act, pin: Uint8Array | null) => Promise<Result<ProxyStatus>>;
  /**
   * Ends every session that the proxy has with its token, killed or not, and forgets the PIN here and there: nothing logs in before a
   * person gives it again. A process of ours that does not say that it did so is ended; it is not started again by itself.
   */
  readonly logOut: (act: Act) => Promise<Result<null>>;
  /** Starts what was meant to run when this program ended last, where that needs no PIN of a person. */
  readonly resume: () => Promise<void>;
  /** The machine it runs on, which is to be told what the system says of a sleep. */
  readonly machine: Pick<MachineNews, 'sleeps' | 'woke' | 'onEvent'>;
  /** What its settings name, as absolute paths: the Cedar policy file, null for none, and the folder of the audit log. */
  readonly policySources: () => Promise<Result<{ readonly policyFile: string | null; readonly audit: string }>>;
  /** Ends the process in order. What is remembered for `resume` stays. */
  readonly close: () => Promise<void>;
}

/** How long the proxy may take to answer over its socket, ms: a disk or an HSM may be slow. */
const ANSWER_MS = 10_000;
/** How long a snapshot waits for the process, ms. */
const FRESH_MS = 300;

const HEADLESS: Around = { service: 'none', switches: { shortcut: '', isShortcutOn: false, hasTray: false } };

/** What a station's proxy has for a practice token. */
const PRACTICE_PROFILE = 'softhsm';

/** The XKS proxy of a station under its supervisor. Starts nothing by itself. */
export function openStationProxy(options: StationProxyOptions): SupervisedProxy {
  const { folder, launch, environment, practicePin = () => null, around = () => HEADLESS } = options;
  const settingsFile = join(folder, 'settings.toml');
  const memory = join(folder, 'keep-running.json');
  const listeners = new Set<() => void>();
  /** as of the last start by a person: a restart after a crash waits for nothing */
  let startedWith: Environment = {};

  const logins = loginJudge(
    () => supervisor,
    () => askThem({ verb: 'login', act: { who: 'keyrite', why: 'the PIN was entered anew' }, pin: null }),
  );
  const supervisor: Supervisor = new Supervisor({
    launch,
    settingsFile,
    environment: () => startedWith,
    output: join(folder, 'process.log'),
    onChange: () => {
      logins.judge();
      tell();
    },
  });

  function tell(): void {
    for (const listener of listeners) listener();
  }

  const machine = openMachineNews();
  machine.onEvent(({ what }) => {
    if (what === 'addresses') tell();
    // A clock that was set forward may have been a sleep that nobody announced.
    else supervisor.handle({ what: 'woke' });
  });

  const {
    now: places,
    startsWith,
    kill: pull,
  } = runPlaces({
    look: () => settingsPlaces(settingsFile, environment),
    isAlive: () => supervisor.isAlive,
    remembered: async () => (await keptOf(memory)).state,
  });

  const askThem: StationProxy['ask'] = async (request) => {
    const { glance, state } = await places();
    return glance === null ? failure('proxy.notSetUp') : ask(state, request, { timeoutMs: ANSWER_MS });
  };

  const other = watchOtherProcess(supervisor, places, tell);

  /** What comes of a start, or of a restart after an end that was asked for. */
  const settled = (before: number): Promise<Result<ProxyStatus>> =>
    untilSettled(supervisor, { before, folder, isTryingFresh: logins.isTryingFresh });

  const practicePinFor = (glance: SettingsGlance | null): Uint8Array | null =>
    glance?.hsm?.profile === PRACTICE_PROFILE ? practicePin() : null;

  const isPinWanted = (glance: SettingsGlance | null): boolean =>
    glance?.hsm?.pin_from === 'supervisor' && supervisor.pin.isEmpty && practicePinFor(glance) === null;

  const begin = (pin: Uint8Array | null, isByPerson: boolean): Promise<Result<ProxyStatus>> =>
    started(pin, isByPerson).finally(() => pin?.fill(0));

  async function started(pin: Uint8Array | null, isByPerson: boolean): Promise<Result<ProxyStatus>> {
    const logOuts = token.logOuts();
    const { glance, state, isNamed } = await places();
    if (glance === null) return failure('proxy.notSetUp', { folder });
    const own = await makeOwnFolder(state);
    if (!own.ok) return own;
    await other.lookOnce();
    const refused = other.refusal();
    if (refused !== null) return refused;
    const surroundings = await environment();
    // no process ran that it could have been said to, so only this start knows of it
    if (token.logOuts() !== logOuts) return failure('proxy.overtaken');
    const given = pin ?? (supervisor.pin.isEmpty ? practicePinFor(glance) : null);
    if (given !== null) supervisor.pin.hold(given);
    if (supervisor.pin.isEmpty && glance.hsm?.pin_from === 'supervisor') return failure('proxy.pinNeeded');
    if (isByPerson) logins.expectFresh();
    else logins.expectNone();
    startedWith = surroundings;
    const before = supervisor.starts;
    if (!supervisor.isAlive) supervisor.words.forget();
    if (isNamed) startsWith(state, !supervisor.isAlive);
    supervisor.handle({ what: 'start' });
    await keep(memory, { isWanted: true, state });
    return settled(before);
  }

  async function stop({ isAtOnce }: { readonly isAtOnce: boolean }): Promise<Result<null>> {
    await other.lookOnce();
    const refused = other.refusal();
    if (refused !== null) return refused;
    await keep(memory, { isWanted: false, state: (await places()).state });
    supervisor.handle({ what: 'stop' });
    if (isAtOnce) supervisor.handle({ what: 'crash' });
    await supervisor.until(() => isOver(supervisor));
    return success(null);
  }

  const token = tokenLogin({
    supervisor,
    askThem,
    look: other.look,
    glance: async () => (await places()).glance,
    practicePinFor,
    isPinWanted,
    stop,
  });

  async function snapshot(): Promise<ProxySnapshot> {
    // What a heartbeat said may be a second old: somebody may just have killed or armed it.
    await supervisor.fresh(FRESH_MS);
    const { glance, state, audit } = await places();
    const isAttached = supervisor.phase === 'attached';
    const status = isAttached ? other.status() : supervisor.status;
    const latch = async (): Promise<ProxySnapshot['latch']> => {
      if (status !== null) return latchOfRunning(status.latch);
      return glance === null ? NO_LATCH : latchOnDisk(state, audit);
    };
    return {
      ...around(),
      isSetUp: glance !== null,
      rehearsal: glance?.hsm?.profile === PRACTICE_PROFILE,
      process: { ...supervisor.process(), ...(isAttached && { pid: other.pid() }) },
      status,
      latch: await latch(),
      needsPin: !isAttached && isPinWanted(glance),
      addressesGone: glance === null ? [] : addressesGone(glance),
      machine: machine.events(),
    };
  }

  return {
    folder: () => makeOwnFolder(folder),
    start: (pin) => begin(pin, pin !== null),
    stop: () => stop({ isAtOnce: false }),
    ask: askThem,
    isForPractice: async () => (await places()).glance?.hsm?.profile === PRACTICE_PROFILE,
    kill: async (act) => {
      supervisor.handle({ what: 'kill' });
      const end = await pull(act);
      supervisor.handle({ what: 'killed', isAcknowledged: end.how === 'acknowledged', unkept: unkeptOf(end) });
      void other.lookOnce();
      return end;
    },
    standstill: async () => {
      await other.lookOnce();
      const { glance } = await places();
      const { phase, problem, status } = supervisor;
      const isLoggedOut = (other.status() ?? status)?.hsm.condition === 'loggedOut';
      return standstillOf({ phase, problem, folder, isSetUp: glance !== null, isPinWanted: isPinWanted(glance), isLoggedOut });
    },
    crash: async () => {
      if (!supervisor.isAlive) return failure('proxy.notRunning', { folder });
      const before = supervisor.starts;
      supervisor.handle({ what: 'crash' });
      return settled(before);
    },
    snapshot,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    login: async (act, pin) => {
      if (!supervisor.isAlive) {
        await other.lookOnce();
        if (supervisor.phase !== 'attached') return begin(pin, true);
      }
      return token.login(act, pin);
    },
    logOut: async (act) => {
      await other.lookOnce();
      logins.expectNone();
      return token.logOut(act);
    },
    resume: async () => {
      await other.lookOnce();
      if (supervisor.phase === 'stopped' && (await keptOf(memory)).isWanted) await begin(null, false);
    },
    machine,
    policySources: async () => {
      const { glance, audit } = await places();
      if (glance === null) return failure('proxy.notSetUp', { folder });
      return success({ policyFile: glance.authorization?.policy_file ?? null, audit });
    },
    close: async () => {
      other.close();
      machine.close();
      if (supervisor.isAlive) {
        supervisor.handle({ what: 'stop' });
        await supervisor.until(() => isOver(supervisor));
      }
      supervisor.pin.forget();
      await supervisor.output.flush();
    },
  };
}
