import pkcs11 from 'pkcs11js';
import type { PKCS11 } from 'pkcs11js';
import type { ModuleReport } from '../contract/token-values';
import { failure, success, type Failure, type Result } from '../contract/result';
import { inspectModuleFile, type ModuleFile } from './module-file';
import type { Profile } from './profile';
import { returnName, tokenFailure } from './return-value';

/** A loaded and initialised module. It stays loaded until the process ends: C_Finalize hangs in some vendor libraries. */
export interface Module {
  readonly api: PKCS11;
  readonly profile: Profile;
  readonly report: ModuleReport;
}

/** PKCS#11 pads its text fields with blanks; some modules pad with NUL. */
export function trimmed(text: string): string {
  const end = text.search(/[ \0]+$/);
  return end < 0 ? text : text.slice(0, end);
}

function version({ major, minor }: { major: number; minor: number }): string {
  return `${major}.${minor}`;
}

/** `${NAME}` filled in from this process's environment, only for names the profile lists. */
function parameters(profile: Profile): string | null {
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
function initialise(api: PKCS11, profile: Profile): void {
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

function notPkcs11(file: ModuleFile, error: unknown): { readonly ok: false; readonly error: Failure } {
  const reason = error instanceof Error ? error.message : String(error);
  return failure('token.moduleNotPkcs11', { path: file.path, reason: reason.slice(0, 300) });
}

function report(api: PKCS11, file: ModuleFile): ModuleReport {
  const info = api.C_GetInfo();
  return {
    ...file,
    cryptoki: version(info.cryptokiVersion),
    manufacturer: trimmed(info.manufacturerID),
    description: trimmed(info.libraryDescription),
    version: version(info.libraryVersion),
  };
}

/**
 * Hashes the file, then loads it, then initialises the library.
 * Errors: token.moduleMissing; token.moduleNotPkcs11 (the loader or C_GetFunctionList refuses); what C_Initialize says.
 */
export async function loadModule(path: string, profile: Profile): Promise<Result<Module>> {
  const file = await inspectModuleFile(path);
  if (!file.ok) return file;
  const api = new pkcs11.PKCS11();
  try {
    api.load(path);
  } catch (error) {
    return notPkcs11(file.value, error);
  }
  try {
    initialise(api, profile);
    return success({ api, profile, report: report(api, file.value) });
  } catch (error) {
    return tokenFailure(error);
  }
}
