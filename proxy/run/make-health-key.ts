import type { RoomContext, RoomEnd } from '../../core/contract/proxy-room';
import { failureText } from '../../core/contract/failure-text';
import { latchDisk } from '../../core/control/latch-disk';
import { makeOwnFolder } from '../../core/control/own-folder';
import { latchPath } from '../../core/control/place';
import { openHsm } from '../hsm/pool';
import { describeRemarks } from '../settings/describe';
import type { SecretTools } from '../settings/secrets';
import type { Settings } from '../settings/settings';
import { FirstSession } from './first-session';
import { hsmOptions } from './hsm-options';
import { PinAtHand } from './pin-at-hand';
import type { Places } from './places';
import { loadPin } from './secrets-at-hand';

/** Loading the module, logging in and generating may take a while on a network HSM; nobody waits for an answer here, ms. */
const DEADLINE_MS = 60_000;

interface Tools {
  readonly places: Places;
  readonly secrets: SecretTools;
}

/** A latch that cannot be used counts as killed, as it does for the proxy. None: no proxy ever ran here. */
async function isKilled(stateFolder: string): Promise<boolean> {
  const latch = await latchDisk(latchPath(stateFolder)).read();
  return latch.kind === 'unusable' || (latch.kind === 'read' && latch.record.state === 'killed');
}

/** Makes the key that health checks use, with one session of its own; a running proxy finds it with its next health check. */
export async function makeHealthKey(settings: Settings, context: RoomContext, { places, secrets }: Tools): Promise<RoomEnd> {
  const loaded = await loadPin(settings.hsm.pin, secrets);
  if (!loaded.ok) {
    context.err(describeRemarks(loaded.remarks, context.isTerminal));
    return 'unusable';
  }
  const folder = await makeOwnFolder(settings.stateFolder);
  if (!folder.ok) {
    context.err(failureText(folder.error));
    return 'lacking';
  }
  const pin = new PinAtHand(loaded.value);
  if (await isKilled(folder.value)) {
    pin.forget();
    context.err('The health key was not made. This proxy is killed, and nothing logs in to its token until somebody arms it.');
    return 'no';
  }
  const session = new FirstSession();
  const hsm = openHsm(
    {
      ...(await hsmOptions(settings, places, process.env)),
      pool: { sessions: 1, processes: 1, queue: 1, deadlineMs: DEADLINE_MS, hungMs: DEADLINE_MS },
      pin: () => pin.copy(),
      pinChangedAt: () => pin.changedAt,
      stateFolder: folder.value,
      isKilled: false,
      now: () => Date.now(),
      onEvent: (event) => session.hear(event),
    },
    { mayUse: () => null },
  );
  const obstacle = await session.problem(hsm, DEADLINE_MS);
  const made = obstacle === '' ? await hsm.makeHealthKey() : null;
  await hsm.stop();
  pin.forget();
  if (made?.ok) {
    context.out(`The health key "${settings.health.key}" is on the token. It is for health checks alone: never give it to KMS.`);
    return 'done';
  }
  context.err(`The health key was not made. ${made?.error.message ?? obstacle}`);
  return 'no';
}
