import { join } from 'node:path';
import type { SettingsRemark, Settings } from '../settings/settings';
import { makeOwnFolder } from '../../core/control/own-folder';
import { PLACE } from '../../core/control/place';
import { takeStateLock } from '../../core/control/state-lock';
import { TOOL } from '../../core/contract/tool';
import type { Result } from '../../core/contract/result';
import { openAudit, type Audit } from '../audit/audit';
import type { ActData } from '../audit/drafts';
import { limitStrangers } from '../audit/strangers';
import { controlActs } from '../control/acts';
import type { ControlHandlers } from '../control/handlers';
import { parentTransport, type ParentPort } from '../control/parent';
import { serveControl } from '../control/serve';
import { watchPlace } from '../control/watch-place';
import { socketTransport } from '../control/socket';
import { openLatch, type Latch } from '../latch';
import { createLive } from '../live';
import { createLog, type Log } from '../log';
import { startServer, type ProxyServer } from '../server';
import type { SettingsAnswer } from '../settings/read';
import type { SecretTools } from '../settings/secrets';
import { Closing } from './closing';
import { listen, metricsOf } from './observe';
import { prepare, type InForce, type PrepareTools } from './in-force';
import { pingIsGood } from './ping';
import type { Places } from './places';
import { reloading } from './reload';
import { loginAgain, type LoginParts } from './login-again';
import { logOut } from './log-out';
import { loadPin, type Loaded } from './secrets-at-hand';
import { statusOf } from './status';
import { openWatched } from './watched-hsm';
import { PinAtHand } from './pin-at-hand';

export interface StartOptions {
  readonly settings: Settings;
  /** reads the settings file anew, for reloads */
  readonly read: () => Promise<SettingsAnswer>;
  readonly places: Places;
  readonly secrets: SecretTools;
  /** whoever supervises this process, and may control it; null: nobody */
  readonly parent: ParentPort | null;
}

/** A proxy that serves, or is killed and answers so. */
export interface RunningProxy {
  readonly server: ProxyServer;
  readonly handlers: ControlHandlers;
  readonly warnings: readonly SettingsRemark[];
  readonly stop: () => Promise<void>;
}

/** Why it does not start, for people: what was wrong with the settings, or a refusal of the surroundings. */
export type NotStarted =
  | { readonly kind: 'settings'; readonly remarks: readonly SettingsRemark[] }
  /** it may be able to later: a port is in use, a certificate is being exchanged */
  | { readonly kind: 'listening'; readonly remark: SettingsRemark }
  | { readonly kind: 'refused'; readonly error: (Result<never> & { readonly ok: false })['error'] };

export type StartOutcome = { readonly ok: true; readonly value: RunningProxy } | { readonly ok: false; readonly why: NotStarted };

const now = (): number => Date.now();

/** Thrown inside this file alone, so that whatever was opened before is closed on one way out. */
class Unstartable extends Error {
  readonly why: NotStarted;
  constructor(why: NotStarted) {
    super(why.kind);
    this.why = why;
  }
}

function must<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Unstartable({ kind: 'refused', error: result.error });
}

function mustLoad<T>(loaded: Loaded<T>): T {
  if (loaded.ok) return loaded.value;
  throw new Unstartable({ kind: 'settings', remarks: loaded.remarks });
}

/**
 * Starts everything in the order in which it depends on one another: folder and lock, secrets and policies, audit, latch, HSM,
 * listeners. The HSM need not be there: its sessions come when it does. Nothing is left open when it does not start.
 */
export async function start(options: StartOptions): Promise<StartOutcome> {
  const closing = new Closing();
  try {
    return { ok: true, value: await build(options, closing) };
  } catch (error) {
    await closing.close();
    if (error instanceof Unstartable) return { ok: false, why: error.why };
    throw error;
  }
}

/** What is open before anybody listens. */
interface Ground {
  readonly folder: string;
  readonly lock: Parameters<typeof socketTransport>[1];
  readonly log: Log;
  readonly audit: Audit;
  readonly latch: Latch;
  readonly pin: PinAtHand;
}

async function layGround({ settings, secrets }: StartOptions, closing: Closing): Promise<Ground> {
  const folder = must(await makeOwnFolder(settings.stateFolder));
  const lock = must(await takeStateLock(folder));
  closing.add(() => lock.release());
  const log = must(createLog(settings.log));
  closing.add(() => log.close());
  const pin = new PinAtHand(mustLoad(await loadPin(settings.hsm.pin, secrets)));
  closing.add(() => pin.forget());
  const audit = must(await openAudit(settings.audit, { now }));
  closing.add(() => audit.close());
  const latch = await openLatch(folder, { hasHistory: audit.state.hadHistory, now });
  return { folder, lock, log, audit, latch, pin };
}

async function build(options: StartOptions, closing: Closing): Promise<RunningProxy> {
  const { settings, secrets } = options;
  const ground = await layGround(options, closing);
  const { audit, latch, log } = ground;
  const tools: PrepareTools = {
    secrets,
    now,
    onPolicyFault: (what) => log.error('the policy engine failed; the request was denied', { what }),
  };
  let inForce = mustLoad(await prepare(settings, null, tools));
  const { hsm, health, keys } = await openWatched({ ...options, ...ground }, () => inForce, closing);
  const metrics = metricsOf(
    { ...ground, hsm, health },
    () => inForce,
    () => server,
  );
  closing.add(() => metrics.close());
  const live = createLive({ queued: () => hsm.state().queued, now });
  await audit.act('started', startedAs(latch));
  const strangers = limitStrangers(audit, now);
  closing.add(() => strangers.close());
  const started = await startServer(settings, {
    hsm,
    latch,
    audit: strangers,
    authorizer: () => inForce.authorizer,
    serving: () => inForce.serving,
    health: () => health.answer(),
    ping: () => pingIsGood(inForce.settings.health, latch.state().killed, health.verdict().state),
    onRecord: (record) => {
      metrics.observe(record);
      live.observe(record);
      log.request(record);
      if (record.outcome === 'InternalException' || record.outcome === 'DependencyTimeoutException') health.doubt();
    },
    onFault: (error) =>
      log.error('a fault in the proxy', { error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    now,
  });
  if (!started.ok) {
    await audit.act('notStarted', { problem: started.problem.problem });
    throw new Unstartable({ kind: 'listening', remark: started.problem });
  }
  const server: ProxyServer = started.value;
  closing.add(() => server.close());
  const listeners = must(await listen(settings, server, metrics));
  const swap = (next: InForce): void => {
    inForce = next;
    health.configure({
      intervalMs: next.settings.health.intervalMs,
      fleetSize: next.settings.health.fleetSize,
      version: TOOL.version,
    });
    hsm.forgetKeys();
    keys.look();
  };
  const reload = reloading({
    read: options.read,
    prepare: (next, before) => prepare(next, before, tools),
    started: settings,
    inForce: () => inForce,
    swap,
    server,
    audit,
    log,
    now,
  });
  const handlers: ControlHandlers = {
    ...controlActs({ latch, hsm, audit, isConfigured: (key) => inForce.settings.keyStores.some(({ keys }) => keys.has(key)) }),
    status: () =>
      statusOf({
        latch,
        hsm,
        health,
        keys,
        audit,
        live,
        server,
        listeners: () => listeners,
        inForce: () => inForce,
        lastReload: reload.last,
        now,
      }),
    live: live.read,
    reload: reload.reload,
    logout: (act) => logOut({ hsm, audit, pin: ground.pin }, act),
    login: (act, given) => loginAgain({ latch, hsm, audit, pin: ground.pin, load: pinAgain(options) }, act, given),
  };
  await openControl(handlers, ground, options.parent, closing);
  return { server, handlers, warnings: [...started.warnings, ...warnOfDamage(ground)], stop: () => stop(audit, closing) };
}

/** The proxy serves behind a damaged log, and nobody would look for `chainBroken` unasked. */
function warnOfDamage({ audit, log }: Pick<Ground, 'audit' | 'log'>): SettingsRemark[] {
  const { damage } = audit.state;
  if (damage === '') return [];
  log.warn('the audit log was found damaged; it goes on in a new file', { damage });
  const problem = `The newest file was found damaged (${damage}). The log goes on in a new file.`;
  const remedy =
    'Keep the folder as it is: keyrite verify --audit names every place, docs/audit-log.md says what to tell from it.';
  return [{ severity: 'warning', key: 'audit.folder', problem, remedy }];
}

function pinAgain({ settings: { hsm }, secrets }: StartOptions): LoginParts['load'] {
  return hsm.pin.from === 'descriptor' ? null : () => loadPin(hsm.pin, secrets);
}

/** A proxy that nobody can kill must not serve. */
const UNREACHABLE = 'was removed or exchanged: keyrite kill would not find this proxy';

async function openControl(
  handlers: ControlHandlers,
  { folder, lock }: Ground,
  port: ParentPort | null,
  closing: Closing,
): Promise<void> {
  const channel = must(await serveControl(handlers, socketTransport(folder, lock)));
  closing.add(() => channel.close());
  const reach = [PLACE.lock, ...(process.platform === 'win32' ? [] : [PLACE.socket])].map((name) => join(folder, name));
  const watch = await watchPlace(reach, (path) => void handlers.kill({ who: 'keyrite', why: `${path} ${UNREACHABLE}` }));
  closing.add(() => watch.close());
  if (port === null) return;
  const parent = must(await serveControl(handlers, parentTransport(port)));
  closing.add(() => parent.close());
}

/** Kills while no proxy ran leave no lines of their own: this one says as what the latch was found, and who pulled it then. */
function startedAs(latch: Latch): ActData {
  const { killed, blocked, by, why, at, problem, pulls = [] } = latch.state();
  const found = { killed, blocked: [...blocked], by, why, at, problem, pulls: pulls.map((pull) => ({ ...pull })) };
  return { version: TOOL.version, build: TOOL.build, latch: found };
}

/** The line first: when everything is closed nobody can write it any more. */
async function stop(audit: Audit, closing: Closing): Promise<void> {
  await audit.act('stopping', {});
  await closing.close();
}
