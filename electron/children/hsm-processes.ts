import { MessageChannelMain, utilityProcess, type UtilityProcess } from 'electron';
import { z } from 'zod';
import { LOG, type Log } from '../log';

/** What the proxy asks the app for. It never says which program is started. */
const wanted = z.discriminatedUnion('keyriteHsm', [
  z.strictObject({
    keyriteHsm: z.literal('start'),
    id: z.int().min(1),
    environment: z.record(z.string().max(200), z.string().max(10_000)),
  }),
  z.strictObject({ keyriteHsm: z.literal('end'), id: z.int().min(1) }),
]);

/** More than any settings ask for: a proxy gone wrong must not fill the machine with processes. */
const MOST_PROCESSES = 64;
/** How much of what a vendor's library prints is kept, in characters. The proxy decides what of it may be shown. */
const KEPT = 8192;

export interface HsmProcesses {
  /** Takes a message of the proxy's process. @returns whether it was about HSM processes */
  readonly hear: (message: unknown) => boolean;
  /** The proxy is gone: no library may run without it. */
  readonly endAll: () => void;
}

/** SIGKILL: a library that hangs ignores every other, and `UtilityProcess.kill` sends SIGTERM. */
export function endNow(child: UtilityProcess): void {
  if (child.pid === undefined) {
    child.kill();
    return;
  }
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

/**
 * Starts and ends the HSM processes of one run of the proxy, which cannot fork in a packaged app: each as a utility process, joined
 * to the proxy by a channel of their own. PINs, plaintexts and frames go over that channel and never come by here.
 * @param entry the built entry of proxy/hsm/process/main.ts
 */
export function hsmProcesses(entry: string, proxy: UtilityProcess, log: Log): HsmProcesses {
  const children = new Map<number, UtilityProcess>();
  let isOver = false;

  function ended(id: number, why: string, printed: string): void {
    children.delete(id);
    if (!isOver) proxy.postMessage({ keyriteHsm: 'ended', id, why, printed });
  }

  function start(id: number, environment: Record<string, string>): void {
    if (isOver || children.has(id)) return;
    if (children.size >= MOST_PROCESSES) {
      ended(id, 'too many HSM processes', '');
      return;
    }
    const child = utilityProcess.fork(entry, [], {
      env: environment,
      serviceName: 'Keyrite HSM',
      stdio: ['ignore', 'pipe', 'pipe'],
      // vendors' libraries are not signed by us (macOS)
      allowLoadingUnsignedLibraries: true,
    });
    children.set(id, child);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (bytes: Buffer) => {
        printed = (printed + bytes.toString('utf8')).slice(-KEPT);
      });
    }
    child.once('spawn', () => {
      const { port1, port2 } = new MessageChannelMain();
      child.postMessage(null, [port2]);
      proxy.postMessage({ keyriteHsm: 'started', id, pid: child.pid ?? 0 }, [port1]);
      if (isOver) endNow(child);
    });
    child.once('exit', (code) => {
      ended(id, `exit ${String(code)}`, printed);
    });
  }

  return {
    hear: (message) => {
      const read = wanted.safeParse(message);
      if (!read.success) return message instanceof Object && 'keyriteHsm' in message;
      if (read.data.keyriteHsm === 'start') start(read.data.id, read.data.environment);
      else {
        const child = children.get(read.data.id);
        if (child) endNow(child);
      }
      return true;
    },
    endAll: () => {
      isOver = true;
      if (children.size > 0) log.note(LOG.hsmProcessesEnded, { count: children.size });
      for (const child of children.values()) endNow(child);
    },
  };
}
