import { basename } from 'node:path';
import type { Profile } from '../../core/pkcs11/profile';
import { nearest } from '../../core/contract/nearest';
import { needed, refuseTwice, samplePath, type Reading } from './reading';
import { readSource } from './read-source';
import type { SecretSource, Settings } from './settings';

type Iv = Settings['hsm']['iv'];

const MODULE = 'pkcs11.PKCS11_HSM_MODULE';

/** pkcs11-logger stands between us and the module and writes down calls; the sample's files have it in the module's place. */
function behindLogger(reading: Reading, module: string | undefined): string | undefined {
  const { form, env, remarks } = reading;
  if (form.pkcs11_logger === undefined) return module;
  const library = env['PKCS11_LOGGER_LIBRARY_PATH'] ?? form.pkcs11_logger.PKCS11_LOGGER_LIBRARY_PATH;
  const isLogger = module !== undefined && basename(module).startsWith('pkcs11-logger');
  const real = isLogger && library !== undefined && library !== '' ? library : module;
  const problem = real === module ? 'has no effect' : `has no effect; the module behind the logger is used: ${real ?? ''}`;
  remarks.warning(
    'pkcs11_logger',
    problem,
    'Take it out: it writes PINs and data to a file. Set [log] level = "debug" to see calls and their return values.',
  );
  return real;
}

/** The sample lets the environment overrule its file. */
function sampleModule(reading: Reading): string | undefined {
  const { form, env, remarks } = reading;
  const override = env['PKCS11_HSM_MODULE'];
  if (form.pkcs11 !== undefined && override) {
    remarks.warning(MODULE, `is overruled by $PKCS11_HSM_MODULE: ${override}`, 'Write [hsm] module: it cannot be overruled.');
  }
  const given = form.pkcs11 === undefined ? undefined : override || form.pkcs11.PKCS11_HSM_MODULE;
  return samplePath(reading, MODULE, behindLogger(reading, given));
}

function moduleOf(reading: Reading): string {
  const { form, remarks } = reading;
  const ours = form.hsm?.module;
  if (ours !== undefined && form.pkcs11?.PKCS11_HSM_MODULE !== undefined) refuseTwice(reading, 'hsm.module', MODULE);
  const module = ours ?? sampleModule(reading);
  if (remarks.isWrong(MODULE)) return module ?? '';
  return needed(reading, 'hsm.module', module, '', 'Write the whole path of the PKCS#11 module that came with the HSM.');
}

function pinOf(reading: Reading): SecretSource {
  const { hsm, pkcs11 } = reading.form;
  const keys = { file: hsm?.pin_file, credential: hsm?.pin_credential, descriptor: hsm?.pin_descriptor, from: hsm?.pin_from };
  const pin = pkcs11?.user_pin;
  if (pin === undefined) {
    if (reading.remarks.isWrong('pkcs11.user_pin')) return { from: 'supervisor' };
    return readSource(reading, 'hsm.pin', keys) ?? { from: 'supervisor' };
  }
  if (Object.values(keys).some((value) => value !== undefined)) refuseTwice(reading, 'hsm.pin_*', 'pkcs11.user_pin');
  else if (pin !== '') {
    reading.remarks.warning(
      'pkcs11.user_pin',
      'is the PIN in clear text: whoever reads the settings, or a copy of them, can log in',
      'Move it to a file of its own (mode 0600): [hsm] pin_file.',
    );
  }
  return { from: 'inline', value: pin };
}

/** A module file that is called as in exactly one profile is taken for that profile's: the sample's files name none. */
function guessProfile({ profiles }: Reading, module: string): Profile | null {
  const all = profiles.filter(({ candidates }) =>
    Object.values(candidates).some((paths) => paths.some((path) => path.split(/[\\/]/).at(-1) === basename(module))),
  );
  return all.length === 1 ? (all[0] ?? null) : null;
}

function profileOf(reading: Reading, module: string): Profile | null {
  const { form, profiles, remarks } = reading;
  const id = form.hsm?.profile;
  if (id === 'none' || remarks.isWrong('hsm.profile')) return null;
  if (id === undefined) {
    const guess = guessProfile(reading, module);
    if (guess)
      remarks.warning(
        'hsm.profile',
        `is missing; by the name of the module it is "${guess.id}" (${guess.title})`,
        `Write profile = "${guess.id}", or "none" where that is wrong.`,
      );
    return guess;
  }
  const found = profiles.find((profile) => profile.id === id) ?? null;
  if (!found) {
    const ids = profiles.map((profile) => profile.id);
    const meant = nearest(id, ids);
    remarks.error(
      'hsm.profile',
      `is "${id}", which is no profile`,
      meant === null ? `Write one of: ${ids.join(', ')}, none.` : `Did you mean "${meant}"?`,
    );
  }
  return found;
}

/** xks.md of the sample: can_generate_iv alone - the device appends its IV; with is_zero_iv_required - it writes it into our buffer. */
function sampleIv({ form }: Reading): Iv | null {
  const can = form.hsm_capabilities;
  if (can?.can_generate_iv === undefined) return null;
  if (!can.can_generate_iv) return 'caller';
  return can.is_zero_iv_required === true ? 'hidden' : 'appended';
}

/** What is said in [hsm] counts before what the sample's keys say, and a guessed profile only where those say nothing we can do. */
function ivOf(reading: Reading, profile: Profile | null): Iv {
  const { form, remarks } = reading;
  const [said, known] = [sampleIv(reading), profile?.gcm.iv ?? null];
  if (form.hsm?.iv !== undefined) return form.hsm.iv;
  if (form.hsm?.profile !== undefined && profile) {
    if (said !== null && said !== profile.gcm.iv) {
      remarks.warning(
        'hsm_capabilities',
        `says that IVs are "${said}"; the profile ${profile.id} says "${profile.gcm.iv}", which counts`,
        'Take [hsm_capabilities] out, or write [hsm] iv.',
      );
    }
    return profile.gcm.iv;
  }
  return (said === 'hidden' ? known : said) ?? said ?? known ?? 'caller';
}

function judgeIv({ form, remarks }: Reading, iv: Iv, module: string): void {
  const key = form.hsm?.iv !== undefined ? 'hsm.iv' : form.hsm?.profile !== undefined ? 'hsm.profile' : 'hsm_capabilities';
  if (iv === 'hidden') {
    remarks.error(
      key,
      'means that the HSM makes each IV and writes it into the parameter, where this proxy cannot read it: nothing could be decrypted',
      'If the HSM takes IVs from its caller, write [hsm] iv = "caller". For AWS CloudHSM write profile = "aws-cloudhsm", whose own mechanism returns the IV with the ciphertext.',
    );
  } else if (iv !== 'caller' && /softhsm/i.test(basename(module))) {
    remarks.error(
      key,
      'asks SoftHSM to make the IV; it would silently use an empty one',
      'Write [hsm] iv = "caller", or take [hsm_capabilities] out.',
    );
  }
}

function sayRehearsal({ remarks }: Reading, profile: Profile | null): void {
  if (profile?.rehearsalOnly !== true) return;
  remarks.warning(
    'hsm.profile',
    `is ${profile.title}, which keeps its keys in files of this computer`,
    'For trials only: data under such a key is as safe as those files.',
  );
}

function tokenOf({ form, remarks }: Reading): Settings['hsm']['token'] {
  const { token_label: label = null, token_serial: serial = null } = form.hsm ?? {};
  if (form.pkcs11 !== undefined && label === null && serial === null) {
    remarks.warning(
      'hsm.token_label',
      'is missing; where the sample takes the first slot, this proxy takes the only token there is',
      'Name the token by [hsm] token_label or token_serial.',
    );
  }
  return { label, serial };
}

export function readHsm(reading: Reading): Settings['hsm'] {
  const module = moduleOf(reading);
  const profile = profileOf(reading, module);
  const iv = ivOf(reading, profile);
  judgeIv(reading, iv, module);
  sayRehearsal(reading, profile);
  return { profile: profile?.id ?? null, module, token: tokenOf(reading), pin: pinOf(reading), iv };
}
