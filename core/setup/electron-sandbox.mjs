import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const RESTRICTION = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
const SETUID = 0o4755;

/** @param {string} helper */
function isSetuidRoot(helper) {
  if (!existsSync(helper)) return false;
  const { uid, mode } = statSync(helper);
  return uid === 0 && (mode & SETUID) === SETUID;
}

/**
 * How Chromium's sandbox stands here. As root it cannot run at all and Electron refuses to start without `--no-sandbox`.
 * On Ubuntu 23.10 and later an ordinary user may not make the namespaces it is built of, unless its helper is setuid root.
 * @param {string} program the Electron program
 * @returns {{ readonly args: readonly string[], readonly note: string | null, readonly problem: string | null }}
 */
export function sandboxFor(program) {
  const fine = { args: [], note: null, problem: null };
  if (process.platform !== 'linux') return fine;
  if (process.getuid?.() === 0) {
    return {
      ...fine,
      args: ['--no-sandbox'],
      note: 'You are root, so Chromium runs without its sandbox. Start it as an ordinary user for anything but a trial.',
    };
  }
  const restricted = existsSync(RESTRICTION) && readFileSync(RESTRICTION, 'utf8').trim() === '1';
  const helper = path.join(path.dirname(program), 'chrome-sandbox');
  if (!restricted || isSetuidRoot(helper)) return fine;
  return {
    ...fine,
    problem: `This system keeps Chromium's sandbox from starting. Allow it with: sudo chown root:root "${helper}" && sudo chmod 4755 "${helper}"`,
  };
}
