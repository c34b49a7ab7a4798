import type { Profile } from '../../core/pkcs11/profile';

/** What is taken for granted of a module nobody has a profile of: everything of PKCS#11 2.40, and nothing of its own. */
export const NO_PROFILE: Profile = {
  id: 'none',
  title: 'PKCS#11 2.40',
  rehearsalOnly: false,
  knownFrom: 'documentation',
  candidates: { linux: [], darwin: [], win32: [] },
  environment: [],
  libraryParameters: null,
  labelBytes: 255,
  gcm: { iv: 'caller', mechanism: 'CKM_AES_GCM' },
  wrap: { secret: null, private: null },
  byok: null,
  missing: [],
  notes: [],
};
