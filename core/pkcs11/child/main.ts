import { keepMemoryOutOfCoreDumps } from '../core-dumps';
import { keepInspectorShut } from '../no-inspector';
import { serveTokenPort } from './serve';

/** Electron's port to the parent, as much of it as is used; this file must not import Electron. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

keepInspectorShut();
keepMemoryOutOfCoreDumps('token child');

const { parentPort } = process as unknown as { readonly parentPort?: ParentPort };

if (parentPort) {
  // A utility process ends with the app that started it.
  const server = serveTokenPort((message) => parentPort.postMessage(message));
  parentPort.on('message', (event) => server.receive(event.data));
} else if (process.send) {
  const send = process.send.bind(process);
  const server = serveTokenPort((message) => void send(message));
  process.on('message', server.receive);
  // The parent is gone: no orderly end, no C_Finalize (it hangs in some libraries), and no token left logged in behind.
  process.on('disconnect', () => process.exit(0));
} else {
  process.stderr.write('The token child is started by Keyrite, not by hand.\n');
  process.exit(2);
}
