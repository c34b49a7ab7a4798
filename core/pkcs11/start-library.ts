import pkcs11 from 'pkcs11js';
import type { PKCS11 } from 'pkcs11js';
import type { Profile } from './profile';
import { returnName } from './return-value';

/** What a profile says of starting the library. */
export type LibraryFacts = Pick<Profile, 'libraryParameters' | 'environment'>;

/** `${NAME}` filled in from this process's environment, only for names the profile lists. */
function parameters(profile: LibraryFacts): string | null {
  const text = profile.libraryParameters;
  if (text === null) return null;
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (_, name: string) =>
    profile.environment.includes(name) ? (process.env[name] ?? '') : '',
  );
}

/**
 * C_Initialize with CKF_OS_LOCKING_OK: without it a call from another thread crashes the process (PKCS#11 2.40, 5.4).
 * That the library is initialised already is no error: the module stays for the life of the process.
 */
export function startLibrary(api: PKCS11, profile: LibraryFacts): void {
  const libraryParameters = parameters(profile);
  try {
    // The binding cuts the last character of the string off, hence the blank.
    api.C_Initialize(
      libraryParameters === null
        ? { flags: pkcs11.CKF_OS_LOCKING_OK }
        : { flags: pkcs11.CKF_OS_LOCKING_OK, libraryParameters: `${libraryParameters} ` },
    );
  } catch (error) {
    if (returnName(error) !== 'CKR_CRYPTOKI_ALREADY_INITIALIZED') throw error;
  }
}
