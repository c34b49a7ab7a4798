import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Result } from '../../core/contract/result';
import { findModule } from '../../core/pkcs11/module-file';
import type { TokenAddress, TokenPort } from '../../core/pkcs11/port';
import { loadProfiles, type Profile } from '../../core/pkcs11/profile';
import { makeToken, prepareTokenFolder, type TokenFolder } from '../../core/rehearsal/softhsm';

export const PROFILES_FOLDER = resolve(import.meta.dirname, '../../resources/profiles');

export const SO_PIN = '80706050';
export const USER_PIN = '10203040';

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The value of a Result that must be one. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${JSON.stringify(result.error.detail)}`);
  return result.value;
}

export function code(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.code;
}

export const profiles: readonly Profile[] = must(await loadProfiles(PROFILES_FOLDER));

export function profile(id: string): Profile {
  const found = profiles.find((one) => one.id === id);
  if (!found) throw new Error(`no profile ${id}`);
  return found;
}

const modulePath = await findModule(profile('softhsm'));

if (modulePath === '') {
  const remedy =
    'SoftHSM was found at none of the places its profile names. Debian, Ubuntu: apt install softhsm2. macOS: brew install softhsm.';
  if (process.env['CI'] === 'true') throw new Error(`The SoftHSM suite must run in CI. ${remedy}`);
  console.warn(`SKIPPED: the SoftHSM suite. ${remedy}`);
}

/** For `describe.skipIf(!hasSoftHsm)`. */
export const hasSoftHsm = modulePath !== '';

/** A token folder of its own, and its removal. */
export async function makeFolder(): Promise<{ folder: TokenFolder; home: string; remove: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'keyrite-softhsm-'));
  const folder = must(await prepareTokenFolder(home, profile('softhsm')));
  return { folder, home, remove: () => rm(home, { recursive: true, force: true }) };
}

/** A fresh initialised token, opened, with the crypto officer logged in. */
export async function makeOpenToken(port: TokenPort, folder: TokenFolder, label: string): Promise<TokenAddress> {
  const address = must(await makeToken(port, folder, label, { soPin: bytes(SO_PIN), userPin: bytes(USER_PIN) }));
  must(await port.open(address));
  must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
  return address;
}
