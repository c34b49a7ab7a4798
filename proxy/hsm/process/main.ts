import { isMainThread, workerData } from 'node:worker_threads';
import type { ThreadData } from './messages';
import { runProcess } from './run';
import { runThread } from './thread';

// One file for both: a thread runs the file of its process again.
if (!isMainThread) runThread(workerData as ThreadData);
else if (process.send) runProcess();
else {
  process.stderr.write('An HSM process is started by the Keyrite proxy, not by hand.\n');
  process.exit(2);
}
