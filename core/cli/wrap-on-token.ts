import { fork } from 'node:child_process';
import { resolve } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { KEY_SPECS } from '../keys/spec';
import { kmsSpecOf } from '../keys/kms-spec';
import { childEnvironment } from '../pkcs11/environment';
import { startTokenProcess } from '../pkcs11/client';
import { wireOf } from '../pkcs11/fork';
import { findModule } from '../pkcs11/module-file';
import { loadProfiles } from '../pkcs11/profile';
import type { TokenAddress, TokenPort } from '../pkcs11/port';
import { wrapInHsm, type HsmWrapped, type HsmWrapRequest } from '../wrapping/wrap-in-hsm';
import { readPinFile } from './pin-file';
import type { TokenProcess } from '../station/port';
import type { VerbContext } from './verb';
import type { WrapOrder } from './wrap-order';

/** Where the built children and the profiles of modules are. */
export interface WrapPlaces {
  readonly wrapChild: string;
  readonly tokenChild: string;
  readonly profilesFolder: string;
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is wrong with the options of this way; '' where they can be used. */
export function tokenComplaint({ values }: VerbContext, order: WrapOrder): string {
  if (order.recipients.length > 1) return 'On a token one wrapping key is used at a time: name one --spki and one --out.';
  if (!KEY_SPECS.some((spec) => kmsSpecOf(spec) === order.spec)) return `Keyrite makes no ${order.spec} keys on a token.`;
  if (text(values['profile']) === '')
    return 'Which kind of module? Name its profile with --profile ID; keyrite doctor lists them.';
  const padded = values['pin-pad'] === true;
  if (padded === (text(values['pin-file']) !== ''))
    return 'How does the crypto officer log in? Either --pin-file FILE, or --pin-pad where the token has keys of its own.';
  const ways = [
    text(values['wrapping-key-label']) !== '',
    text(values['so-pin-file']) !== '' || (padded && values['import'] === true),
  ];
  if (ways.filter(Boolean).length !== 1)
    return 'Which wrapping key? Either --wrapping-key-label LABEL of one the security officer imported, or --so-pin-file FILE (--import with --pin-pad) to import it for this once.';
  return '';
}

/** Are the PIN files files of PINs? Looked at before the token is; a PIN is never tried to find out. */
async function checkPinFiles({ values }: VerbContext): Promise<Result<null>> {
  for (const path of [text(values['pin-file']), text(values['so-pin-file'])].filter((path) => path !== '')) {
    const pin = await readPinFile(path);
    if (typeof pin === 'string') return failure('input.invalid', { problem: pin });
    pin.fill(0);
  }
  return success(null);
}

/** PINs by file, read anew at each login; null with a PIN pad. */
function pins({ values }: VerbContext): HsmWrapRequest['pin'] {
  return async (user) => {
    if (values['pin-pad'] === true) return success(null);
    const pin = await readPinFile(text(values[user === 'so' ? 'so-pin-file' : 'pin-file']));
    return typeof pin === 'string' ? failure('token.pinInvalid', { problem: pin }) : success(pin);
  };
}

/** Exactly one initialised token that fits what was said of it. Errors: token.notFound, token.ambiguous. */
async function findToken(
  port: TokenPort,
  module: { modulePath: string; profile: string },
  values: VerbContext['values'],
): Promise<Result<TokenAddress>> {
  const tokens = await port.list(module);
  if (!tokens.ok) return tokens;
  const [serial, label] = [text(values['token-serial']), text(values['token-label'])];
  const fits = tokens.value.filter(
    (token) => token.initialised && (serial === '' || token.serial === serial) && (label === '' || token.label === label),
  );
  const [found, ...others] = fits;
  if (!found) return failure('token.notFound', { serial, label });
  if (others.length > 0) return failure('token.ambiguous', { serial, label, found: fits.length });
  return success({ ...module, serial: found.serial, label: found.label });
}

/**
 * A token child in a process group of its own: Ctrl-C reaches this process alone, and the child lives to take the wrapping key off the
 * token again. It ends with our channel.
 */
function startTokenApart(
  { tokenChild, profilesFolder }: WrapPlaces,
  environment: Readonly<Record<string, string>>,
): TokenProcess {
  const child = fork(tokenChild, [], {
    env: environment,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  });
  return startTokenProcess(wireOf(child), profilesFolder);
}

/** Has the token wrap one of its keys, through a token child of its own. Errors: those of `wrapInHsm`; token.moduleMissing; input.invalid. */
export async function wrapOnToken(context: VerbContext, order: WrapOrder, places: WrapPlaces): Promise<Result<HsmWrapped>> {
  const { values, signal } = context;
  const pinFiles = await checkPinFiles(context);
  if (!pinFiles.ok) return pinFiles;
  const profiles = await loadProfiles(places.profilesFolder);
  if (!profiles.ok) return profiles;
  const profile = profiles.value.find(({ id }) => id === values['profile']);
  const keySpec = KEY_SPECS.find((spec) => kmsSpecOf(spec) === order.spec);
  const [recipient] = order.recipients;
  if (!profile || !keySpec || !recipient)
    return failure('input.invalid', {
      problem: `There is no profile "${text(values['profile'])}".`,
      known: profiles.value.map(({ id }) => id).join(', '),
    });
  const modulePath = text(values['module']) === '' ? await findModule(profile) : resolve(text(values['module']));
  if (modulePath === '') return failure('token.moduleMissing', { profile: profile.id });
  const environment = childEnvironment(process.env, profile.environment);
  const { port, stop } = startTokenApart(places, environment);
  try {
    const address = await findToken(port, { modulePath, profile: profile.id }, values);
    if (!address.ok) return address;
    return await wrapInHsm(port, {
      address: address.value,
      label: text(values['hsm-label']),
      keySpec,
      spki: recipient.spki,
      wrapping: { algorithm: order.algorithm, wrappingKeySpec: recipient.wrappingKeySpec },
      wrappingKeyLabel: text(values['wrapping-key-label']) || null,
      pin: pins(context),
      signal,
    });
  } finally {
    await stop();
  }
}
