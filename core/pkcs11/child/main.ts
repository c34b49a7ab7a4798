import { writeFileSync } from 'node:fs';
import { serveTokenPort } from './serve';

/** Electron's port to the parent, as much of it as is used; this file must not import Electron. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

/**
 * Takes memory out of core dumps (core(5)): if the vendor's library crashes, no PIN is on the disk afterwards. Linux only; macOS and
 * Windows write no core files unless an administrator asked for them. Where it is refused, the process goes on.
 */
function keepMemoryOutOfCoreDumps(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0x0');
  } catch (error) {
    process.stderr.write(
      `token child: core dumps could not be restricted (${(error as NodeJS.ErrnoException).code ?? 'unknown'})\n`,
    );
  }
}

keepMemoryOutOfCoreDumps();

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
