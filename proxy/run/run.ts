import { join } from 'node:path';
import type { ProxyOptions, RoomContext, RoomEnd } from '../../core/contract/proxy-room';
import { failureText } from '../../core/contract/failure-text';
import { notStartedMessage, READY_MESSAGE } from '../../core/control/supervised';
import { keepMemoryOutOfCoreDumps } from '../../core/pkcs11/core-dumps';
import { keepInspectorShut } from '../../core/pkcs11/no-inspector';
import { loadAuthorizer } from '../authorize/authorizer';
import { describeRemarks } from '../settings/describe';
import { readSettings, type SettingsAnswer } from '../settings/read';
import type { SecretTools } from '../settings/secrets';
import type { Settings, SettingsRemark } from '../settings/settings';
import { checkSurroundings } from '../settings/surroundings';
import { hearHangups, type Hangups } from './hangups';
import { makeHealthKey } from './make-health-key';
import type { Places } from './places';
import { start, type NotStarted, type RunningProxy } from './start';
import { parentHere, type Parent } from './parent';
import { supervisorOf } from './supervisor';
import { failureOf, whyNotStarted } from './why-not-started';

/**
 * `keyrite proxy`: reads and judges the settings, then checks only, makes the health key, or serves until it is told to stop.
 * @param parent whoever supervises this process, which is told when it serves or why it does not
 */
export async function run(
  options: ProxyOptions,
  context: RoomContext,
  places: Places,
  parent: Parent | null = parentHere(),
): Promise<RoomEnd> {
  keepInspectorShut();
  keepMemoryOutOfCoreDumps('proxy');
  // What ends by itself may be ended by it as well.
  if (options.checkOnly || options.makeHealthKey) return begin(options, context, { places, parent, hangups: null });
  const hangups = hearHangups();
  try {
    return await begin(options, context, { places, parent, hangups });
  } finally {
    hangups.close();
  }
}

interface Around {
  readonly places: Places;
  readonly parent: Parent | null;
  readonly hangups: Hangups | null;
}

async function begin(options: ProxyOptions, context: RoomContext, { places, parent, hangups }: Around): Promise<RoomEnd> {
  const read = (): Promise<SettingsAnswer> =>
    readSettings(options.settingsFile, { env: process.env, profilesFolder: join(places.resources, 'profiles') });
  const answer = await read();
  const remarks = [...answer.remarks, ...(answer.ok ? await around(answer.settings) : [])];
  if (remarks.length > 0) context.err(describeRemarks(remarks, context.isTerminal));
  const isGood = answer.ok && remarks.every(({ severity }) => severity !== 'error');
  if (!isGood) {
    parent?.send(notStartedMessage(failureOf(remarks)));
    return verdict(context, remarks);
  }
  if (options.checkOnly) return checked(context, remarks);
  const secrets: SecretTools = { env: process.env, supervisor: parent && supervisorOf(parent) };
  if (options.makeHealthKey) return makeHealthKey(answer.settings, context, { places, secrets });
  const started = await start({ settings: answer.settings, read, places, secrets, parent });
  if (!started.ok) {
    parent?.send(notStartedMessage(whyNotStarted(started.why)));
    return notStarted(started.why, context);
  }
  parent?.send(READY_MESSAGE);
  return serve(started.value, context, hangups);
}

/** What the settings lead to: files, folders, policies. */
async function around(settings: Settings): Promise<readonly SettingsRemark[]> {
  const found = await checkSurroundings(settings, { env: process.env, now: new Date() });
  // A policy file that is not there was named already.
  const isMissing = found.some(({ key }) => key === 'authorization.policy_file');
  if (settings.authorization === null || isMissing) return found;
  const loaded = await loadAuthorizer(settings.authorization.policyFile);
  return loaded.ok ? found : [...found, ...loaded.problems];
}

function verdict({ err }: RoomContext, remarks: readonly SettingsRemark[]): RoomEnd {
  const errors = remarks.filter(({ severity }) => severity === 'error').length;
  err(`\nThe settings cannot be used: ${errors} ${errors === 1 ? 'error' : 'errors'}. Nothing was started.`);
  return 'unusable';
}

function checked({ out }: RoomContext, { length }: readonly SettingsRemark[]): RoomEnd {
  out(length === 0 ? 'The settings are good.' : `The settings can be used; ${length} ${length === 1 ? 'remark' : 'remarks'}.`);
  return 'done';
}

function notStarted(why: NotStarted, context: RoomContext): RoomEnd {
  if (why.kind === 'listening') {
    context.err(describeRemarks([why.remark], context.isTerminal));
    return 'no';
  }
  if (why.kind === 'settings') {
    context.err(describeRemarks(why.remarks, context.isTerminal));
    return 'unusable';
  }
  context.err(failureText(why.error));
  return 'lacking';
}

async function serve(proxy: RunningProxy, { err, isTerminal, signal }: RoomContext, hangups: Hangups | null): Promise<RoomEnd> {
  if (proxy.warnings.length > 0) err(describeRemarks(proxy.warnings, isTerminal));
  const { listeners, latch, hsm } = proxy.handlers.status();
  for (const { name, address } of listeners) err(`${name}: ${address}`);
  if (latch.killed) err(killedText(latch.problem));
  else if (hsm.condition === 'loginRefused') err(`NO LOGIN: ${hsm.problem} Correct the PIN, then say keyrite login.`);
  else if (hsm.condition === 'loggedOut') err(`NO LOGIN: ${hsm.problem} It wants its PIN again: keyrite login.`);
  hangups?.reloadBy(() => void proxy.handlers.reload({ who: 'SIGHUP', why: '' }));
  await aborted(signal);
  err('Stopping: no new connections; requests under way are answered.');
  await proxy.stop();
  return 'done';
}

function killedText(problem: string): string {
  const why = problem === '' ? '' : ` ${problem}`;
  return `KILLED: every call is refused until somebody arms it (keyrite arm --reason ...).${why}`;
}

function aborted(signal: RoomContext['signal']): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
