import { readFile } from 'node:fs/promises';
import type { Remarks } from './remarks';
import type { Settings } from './settings';

/** Files, control socket, pipes and sockets of HSM processes, with room to spare. */
const OTHERS = 256;
/** Sockets that each thread of an HSM process needs in the proxy, and twice while a process is replaced. */
const PER_SESSION = 2;

/**
 * Strangers open connections before anybody is authenticated. Where they can use up the descriptors, the audit log cannot begin its next
 * file, no HSM process can be replaced, and a kill has to end the proxy by force.
 * @param limits the text of /proc/self/limits, proc_pid_limits(5); '' where there is none
 */
export function judgeDescriptors({ server, pool }: Pick<Settings, 'server' | 'pool'>, limits: string, remarks: Remarks): void {
  const limit = Number(/^Max open files\s+\S+\s+(\d+)/m.exec(limits)?.[1] ?? Infinity); // Node raises the soft limit to the hard one
  const needed = server.connections + pool.sessions * PER_SESSION + OTHERS;
  if (limit >= needed) return;
  remarks.warning(
    'server.max_connections',
    `is ${server.connections}, and this process may open only ${limit} files and connections`,
    `Raise the limit to ${needed} (systemd: LimitNOFILE=), or lower max_connections.`,
  );
}

/** Linux alone tells. */
export async function checkDescriptors(settings: Settings, remarks: Remarks): Promise<void> {
  judgeDescriptors(settings, await readFile('/proc/self/limits', 'utf8').catch(() => ''), remarks);
}
