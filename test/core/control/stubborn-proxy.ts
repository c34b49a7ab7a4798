import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { takeStateLock } from '../../../core/control/state-lock';

// A child process for the kill tests: holds the lock of a state folder as a proxy does, and answers nobody.
const [, , folder = '', how = ''] = process.argv;
const lock = await takeStateLock(folder);
if (!lock.ok) throw new Error(lock.error.code);
if (how === 'hung') {
  const server = createServer().listen(join(folder, 'control.sock'));
  await once(server, 'listening');
}
process.stdout.write('ready\n');
if (how === 'hung')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); // the event loop stands still
else setInterval(() => undefined, 1_000_000); // it never got as far as its control channel
