import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { candidatesHere, type Profile } from './profile';

export interface ModuleFile {
  readonly path: string;
  /** of the whole file, before it is loaded: code of the module runs as soon as the loader opens it */
  readonly sha256: string;
}

/** Looks at a module file without loading it. Only an absolute path to a regular file: a bare name would let the loader search. */
export async function inspectModuleFile(path: string): Promise<Result<ModuleFile>> {
  if (!isAbsolute(path)) return failure('token.moduleMissing', { path });
  try {
    if (!(await stat(path)).isFile()) return failure('token.moduleMissing', { path });
    const bytes = await readFile(path);
    return success({ path, sha256: createHash('sha256').update(bytes).digest('hex') });
  } catch (error) {
    return failure('token.moduleMissing', { path, reason: (error as NodeJS.ErrnoException).code ?? 'unreadable' });
  }
}

/** The first of the profile's candidates that exists on this machine, or '' when none does. */
export async function findModule(profile: Profile): Promise<string> {
  for (const path of candidatesHere(profile)) {
    if ((await inspectModuleFile(path)).ok) return path;
  }
  return '';
}
