import { isAbsolute, join } from 'node:path';
import { PLACE } from './place';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The state folder where the settings name none. The proxy and the terminal both ask here, so that `keyrite kill` finds the proxy
 * that was started with the same settings: $STATE_DIRECTORY (systemd; the first of several), /var/lib/keyrite-proxy for root, else
 * keyrite/proxy below $XDG_STATE_HOME (an absolute one, as its specification wants) or ~/.local/state.
 * @returns an absolute path, or '' where the environment tells no home
 */
export function defaultStateFolder(env: Environment, isRoot: boolean = process.geteuid?.() === 0): string {
  const [given = ''] = (env['STATE_DIRECTORY'] ?? '').split(':');
  if (isAbsolute(given)) return given;
  if (isRoot) return '/var/lib/keyrite-proxy';
  const { XDG_STATE_HOME: state = '', HOME, USERPROFILE } = env;
  if (isAbsolute(state)) return join(state, 'keyrite', 'proxy');
  const home = HOME ?? USERPROFILE ?? '';
  return isAbsolute(home) ? join(home, '.local', 'state', 'keyrite', 'proxy') : '';
}

/** A Unix socket's path has to fit into sun_path with its end: 104 bytes on macOS, 108 on Linux. A longer one would be cut off silently. */
const SOCKET_PATH_BYTES = 103;

/** Is the folder's path short enough for the control socket in it? */
export function socketFits(stateFolder: string): boolean {
  return Buffer.byteLength(join(stateFolder, PLACE.socket)) <= SOCKET_PATH_BYTES;
}

/** Bytes that the path of a state folder can have. */
export const LONGEST_STATE_FOLDER = SOCKET_PATH_BYTES - PLACE.socket.length - 1;
