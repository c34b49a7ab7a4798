import { spawn } from 'node:child_process';
import { which } from './system-packages.mjs';

/** Is there a screen to open a window on? macOS and Windows always have one. */
export function hasDisplay(env = process.env) {
  return process.platform !== 'linux' || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}

/**
 * A virtual screen for the app tests. Xvfb picks a free number itself and writes it to file descriptor 3, so there is no
 * number to collide on and nothing to wait for but that line.
 * @returns {Promise<{ readonly display: string, readonly stop: () => void } | null>} null when Xvfb is missing or does not start
 */
export async function startVirtualDisplay() {
  if (!which('Xvfb')) return null;
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = await new Promise((resolve) => {
    let text = '';
    const pipe = /** @type {import('node:stream').Readable} */ (server.stdio[3]);
    pipe.setEncoding('utf8').on('data', (piece) => ((text += piece), text.endsWith('\n') && resolve(text.trim())));
    server.once('error', () => resolve(null));
    server.once('exit', () => resolve(null));
  });
  if (number === null) return null;
  return { display: `:${number}`, stop: () => void server.kill() };
}
