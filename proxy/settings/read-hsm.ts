import type { Profile } from '../../core/pkcs11/profile';
import { readModule } from './read-module';
import { readIv, readProfile } from './read-profile';
import { refuseTwice, type Reading } from './reading';
import { readSource } from './read-source';
import type { SecretSource, Settings } from './settings';

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
  const module = readModule(reading);
  const profile = readProfile(reading, module);
  const iv = readIv(reading, profile, module);
  sayRehearsal(reading, profile);
  return { profile: profile?.id ?? null, module, token: tokenOf(reading), pin: pinOf(reading), iv };
}
