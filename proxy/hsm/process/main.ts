import { fileURLToPath } from 'node:url';
import { isMainThread, workerData } from 'node:worker_threads';
import type { ThreadData } from './messages';
import { runProcess } from './run';
import { runThread } from './thread';
import { FORKED, joined, type JoinPort } from './upstairs';

/** Electron's port to the app that started this process, which brings the port to the proxy. */
interface AppPort {
  once(event: 'message', listener: (event: { readonly ports: readonly JoinPort[] }) => void): void;
}

const { parentPort } = process as unknown as { readonly parentPort?: AppPort };

// One file for both: a thread runs the file of its process again.
const entry = fileURLToPath(import.meta.url);
if (!isMainThread) runThread(workerData as ThreadData);
else if (parentPort) {
  parentPort.once('message', ({ ports: [port] }) => {
    if (port !== undefined) runProcess(entry, joined(port));
  });
} else if (process.send) runProcess(entry, FORKED);
else {
  process.stderr.write('An HSM process is started by the Keyrite proxy, not by hand.\n');
  process.exit(2);
}
