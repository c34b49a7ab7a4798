import { randomUUID } from 'node:crypto';
import type { Ground } from './ground';
import { askHealth } from './try-proxy';

/** KMS asks the proxies of connected stores every few minutes; of what they answer it makes metrics, and changes no state. */
async function pollOnce({ store, surroundings }: Ground): Promise<void> {
  const connected = store.read().keyStores.filter(({ connection }) => connection.state === 'CONNECTED');
  await Promise.allSettled(connected.map((one) => askHealth(surroundings, one, 'KmsHealthCheck', randomUUID())));
}

/** @param everyMs real milliseconds. Ends with the KMS; a poll that takes longer than that is not overtaken by the next. */
export function startHealthPoll(ground: Ground, everyMs: number): void {
  let polling: Promise<void> | null = null;
  const timer = setInterval(() => {
    polling ??= pollOnce(ground).finally(() => {
      if (polling) ground.background.delete(polling);
      polling = null;
    });
    ground.background.add(polling);
  }, everyMs);
  timer.unref();
  ground.stopped.addEventListener('abort', () => clearInterval(timer), { once: true });
}
