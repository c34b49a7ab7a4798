import pkcs11 from 'pkcs11js';
import type { PKCS11 } from 'pkcs11js';
import type { ModuleReport } from '../contract/token-values';
import { failure, success, type Failure, type Result } from '../contract/result';
import { inspectModuleFile, type ModuleFile } from './module-file';
import type { Profile } from './profile';
import { trimmed } from './padded-text';
import { tokenFailure } from './return-value';
import { startLibrary } from './start-library';

/** A loaded and initialised module. It stays loaded until the process ends: C_Finalize hangs in some vendor libraries. */
export interface Module {
  readonly api: PKCS11;
  readonly profile: Profile;
  readonly report: ModuleReport;
}

function version({ major, minor }: { major: number; minor: number }): string {
  return `${major}.${minor}`;
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
    startLibrary(api, profile);
    return success({ api, profile, report: report(api, file.value) });
  } catch (error) {
    return tokenFailure(error);
  }
}
