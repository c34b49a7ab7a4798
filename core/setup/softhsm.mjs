import { existsSync, readFileSync } from 'node:fs';
import { inRepository } from './root.mjs';
import { installPackages } from './system-packages.mjs';

/** Used when the profile cannot be read: set-up must go on without it. */
const FALLBACK = {
  linux: [
    '/usr/lib/softhsm/libsofthsm2.so',
    '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
    '/usr/lib64/pkcs11/libsofthsm2.so',
  ],
  darwin: ['/opt/homebrew/lib/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so'],
  win32: ['C:\\SoftHSM2\\lib\\softhsm2-x64.dll'],
};

/**
 * Where SoftHSM's module may be on this platform, from the same profile the app uses.
 * @returns {readonly string[]}
 */
function candidates() {
  const profile = inRepository('resources', 'profiles', 'softhsm.json');
  /** @type {{ candidates?: Partial<Record<string, readonly string[]>> }} */
  const read = existsSync(profile) ? JSON.parse(readFileSync(profile, 'utf8')) : {};
  return read.candidates?.[process.platform] ?? FALLBACK[/** @type {keyof typeof FALLBACK} */ (process.platform)] ?? [];
}

/** @returns {string | null} the path of SoftHSM's PKCS#11 module, or null */
function findSoftHsm() {
  return candidates().find((candidate) => existsSync(candidate)) ?? null;
}

/**
 * @param {import('./system-packages.mjs').Permission} permission
 * @returns {Promise<string | null>} what is missing and the exact command, or null when SoftHSM is there
 */
export async function ensureSoftHsm(permission) {
  if (findSoftHsm()) return null;
  const installed = await installPackages('softhsm', 'SoftHSM (the token of the rehearsal)', permission);
  if (!installed.ok) return installed.reason;
  return findSoftHsm()
    ? null
    : `SoftHSM was installed, but its module is at none of the known places (${candidates().join(', ')}).`;
}
