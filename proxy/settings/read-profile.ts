import { basename } from 'node:path';
import { nearest } from '../../core/contract/nearest';
import type { Profile } from '../../core/pkcs11/profile';
import type { Reading } from './reading';
import type { Settings } from './settings';

type Iv = Settings['hsm']['iv'];

/** A module file that is called as in exactly one profile is taken for that profile's: the sample's files name none. */
function guessProfile({ profiles }: Reading, module: string): Profile | null {
  const all = profiles.filter(({ candidates }) =>
    Object.values(candidates).some((paths) => paths.some((path) => path.split(/[\\/]/).at(-1) === basename(module))),
  );
  return all.length === 1 ? (all[0] ?? null) : null;
}

/** The profile that is named, or the one the module's name tells; null: none. */
export function readProfile(reading: Reading, module: string): Profile | null {
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

/** As the AWS sample proxy reads them: can_generate_iv alone, the device appends its IV; with is_zero_iv_required, it writes it into our buffer. */
function sampleIv({ form }: Reading): Iv | null {
  const can = form.hsm_capabilities;
  if (can?.can_generate_iv === undefined) return null;
  if (!can.can_generate_iv) return 'caller';
  return can.is_zero_iv_required === true ? 'hidden' : 'appended';
}

/** A mechanism of the vendor's own fixes where the IV is: CloudHSM's puts it before the ciphertext, whatever is said. */
function fixedIv({ form, remarks }: Reading, profile: Profile): Iv | null {
  if (profile.gcm.mechanism === 'CKM_AES_GCM') return null;
  if (form.hsm?.iv !== undefined && form.hsm.iv !== profile.gcm.iv) {
    const problem = `is "${form.hsm.iv}", but ${profile.gcm.mechanism} of the profile ${profile.id} knows "${profile.gcm.iv}" only`;
    remarks.error('hsm.iv', problem, 'Take it out, or write profile = "none" to use CKM_AES_GCM.');
  }
  return profile.gcm.iv;
}

/** What is said in [hsm] counts before what the sample's keys say, and a guessed profile only where those say nothing. */
function ivOf(reading: Reading, profile: Profile | null): Iv {
  const { form, remarks } = reading;
  const [said, known] = [sampleIv(reading), profile?.gcm.iv ?? null];
  const fixed = profile && fixedIv(reading, profile);
  if (form.hsm?.iv !== undefined) return fixed ?? form.hsm.iv;
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
  return fixed ?? said ?? known ?? 'caller';
}

function judgeIv({ form, remarks }: Reading, iv: Iv, module: string): void {
  const key = form.hsm?.iv !== undefined ? 'hsm.iv' : form.hsm?.profile !== undefined ? 'hsm.profile' : 'hsm_capabilities';
  if (iv !== 'caller' && /softhsm/i.test(basename(module))) {
    remarks.error(
      key,
      'asks SoftHSM to make the IV; it would silently use an empty one',
      'Write [hsm] iv = "caller", or take [hsm_capabilities] out.',
    );
  } else if (iv === 'hidden') {
    remarks.warning(
      key,
      'means that the HSM makes each IV and writes it over the one it is given; we know this from a test module, not from your device',
      'Nothing to do: what a key encrypts first is decrypted again before it is answered, and a device that does otherwise is refused.',
    );
  }
}

/** Who makes the IVs; refused where that would silently be nobody. */
export function readIv(reading: Reading, profile: Profile | null, module: string): Iv {
  const iv = ivOf(reading, profile);
  judgeIv(reading, iv, module);
  return iv;
}
