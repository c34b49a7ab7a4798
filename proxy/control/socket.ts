import { chmod, lstat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { controlAddress } from '../../core/control/address';
import { failure, success, type Result } from '../../core/contract/result';
import { diskFailure, errnoOf } from '../../core/pack/disk-failure';
import { removeIfThere } from '../../core/pack/durable';
import type { Lock } from '../../core/pack/lock';
import { Callers } from './callers';
import type { AnswerTo, ControlChannel, ControlTransport } from './serve';

/**
 * `control.sock` in the state folder, for its owner alone (0600 in a folder of 0700): whoever can open it is the proxy's own user or
 * root. One line of JSON each way, then the connection is closed.
 * @param _lock of this folder: only its holder may take away a socket that lies there, left by a crash
 */
export function socketTransport(stateFolder: string, _lock: Lock): ControlTransport {
  return {
    open: async (answerTo) => {
      const address = await controlAddress(stateFolder);
      if (!address.ok) return address;
      const cleared = await removeStale(address.value);
      return cleared.ok ? listen(address.value, answerTo) : cleared;
    },
  };
}

async function removeStale(path: string): Promise<Result<null>> {
  if (process.platform === 'win32') return success(null); // a pipe ends with its process
  try {
    const stats = await lstat(path);
    if (!stats.isSocket()) return failure('proxy.foreign', { path, reason: 'is not a socket' });
    await removeIfThere(path);
    return success(null);
  } catch (error) {
    return errnoOf(error) === 'ENOENT' ? success(null) : diskFailure(error, path);
  }
}

async function listen(path: string, answerTo: AnswerTo): Promise<Result<ControlChannel>> {
  const callers = new Callers(answerTo);
  const server = createServer({ allowHalfOpen: true }, (socket) => callers.welcome(socket));
  const errno = await listening(server, path);
  if (errno !== '') return failure('file.notWritable', { path, errno });
  server.on('error', () => undefined); // a connection that could not be accepted (EMFILE); the next one may be
  if (process.platform !== 'win32') await chmod(path, 0o600);
  return success({ close: () => closed(server, callers) });
}

function listening(server: Server, path: string): Promise<string> {
  return new Promise((resolve) => {
    server.once('error', (error) => resolve(errnoOf(error) || String(error)));
    server.listen(path, () => resolve(''));
  });
}

/** Node takes the socket file away itself when it closes. */
function closed(server: Server, callers: Callers): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    callers.dismiss();
  });
}
