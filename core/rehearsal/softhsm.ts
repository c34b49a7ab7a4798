import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { findModule } from '../pkcs11/module-file';
import type { TokenAddress, TokenPort } from '../pkcs11/port';
import type { Profile } from '../pkcs11/profile';

/** The folder of a practice token: its SoftHSM configuration and what a token child needs to find it. */
export interface TokenFolder {
  readonly modulePath: string;
  readonly profile: string;
  /** for the child, before the module loads: SoftHSM reads it once */
  readonly environment: { readonly SOFTHSM2_CONF: string };
}

const ONLY_OURS = 0o700;

/**
 * Makes (or finds again) a private folder for SoftHSM tokens: `softhsm2.conf` and `tokens/`, for this user only.
 * Errors: token.moduleMissing when SoftHSM is at none of the profile's places.
 */
export async function prepareTokenFolder(folder: string, softhsm: Profile): Promise<Result<TokenFolder>> {
  const modulePath = await findModule(softhsm);
  if (modulePath === '') return failure('token.moduleMissing', { profile: softhsm.id });
  const home = resolve(folder);
  const tokens = join(home, 'tokens');
  const configuration = join(home, 'softhsm2.conf');
  await mkdir(tokens, { recursive: true, mode: ONLY_OURS });
  await chmod(home, ONLY_OURS);
  const lines = [
    `directories.tokendir = ${tokens}`,
    'objectstore.backend = file',
    'log.level = ERROR',
    'slots.removable = false',
  ];
  await writeFile(configuration, `${lines.join('\n')}\n`, { mode: 0o600 });
  return success({ modulePath, profile: softhsm.id, environment: { SOFTHSM2_CONF: configuration } });
}

/** The one blank token of a SoftHSM folder: SoftHSM always offers one more, without serial and label. */
export async function blankToken(port: TokenPort, folder: TokenFolder): Promise<Result<TokenAddress>> {
  const { modulePath, profile } = folder;
  const tokens = await port.list({ modulePath, profile });
  if (!tokens.ok) return tokens;
  const blank = tokens.value.find((token) => !token.initialised);
  return blank
    ? success({ modulePath, profile, serial: blank.serial, label: blank.label })
    : failure('token.notFound', { problem: 'no blank token' });
}

/** Where the initialised token of a folder is, or token.notFound. Several under one label are token.ambiguous. */
export async function initialisedToken(port: TokenPort, folder: TokenFolder, label: string): Promise<Result<TokenAddress>> {
  const { modulePath, profile } = folder;
  const tokens = await port.list({ modulePath, profile });
  if (!tokens.ok) return tokens;
  const [first, ...others] = tokens.value.filter((token) => token.initialised && token.label === label);
  if (!first) return failure('token.notFound', { label });
  return others.length > 0
    ? failure('token.ambiguous', { label })
    : success({ modulePath, profile, serial: first.serial, label });
}

/** PINs as UTF-8 bytes; they are overwritten. */
export interface TokenPins {
  readonly soPin: Uint8Array;
  readonly userPin: Uint8Array;
}

async function setUp(
  port: TokenPort,
  blank: TokenAddress,
  label: string,
  { soPin, userPin }: TokenPins,
): Promise<Result<TokenAddress>> {
  const opened = await port.open(blank);
  if (!opened.ok) return opened;
  // Used twice: each use overwrites what it was given.
  const fresh = await port.initialise({ serial: blank.serial, label, soPin: soPin.slice() });
  if (!fresh.ok) return fresh;
  const officer = await port.login({ user: 'so', pin: soPin });
  if (!officer.ok) return officer;
  const pin = await port.setUserPin({ pin: userPin });
  return pin.ok ? success({ ...blank, serial: fresh.value.serial, label }) : pin;
}

/** Makes an initialised token with both PINs through the token port, exactly as the ceremony would. Leaves the port closed. */
export async function makeToken(
  port: TokenPort,
  folder: TokenFolder,
  label: string,
  pins: TokenPins,
): Promise<Result<TokenAddress>> {
  const blank = await blankToken(port, folder);
  if (!blank.ok) return blank;
  const made = await setUp(port, blank.value, label, pins);
  pins.soPin.fill(0);
  pins.userPin.fill(0);
  await port.close();
  return made;
}
