import { isAbsolute, resolve } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { failure, success, type Result } from '../contract/result';
import { errnoOf } from '../pack/disk-failure';
import { readChosenFile, SMALL_FILE_MAX_BYTES } from '../pack/small-file';
import { defaultStateFolder } from './state-folder';

export interface FolderChoice {
  /** a state folder; '' : not given */
  readonly state: string;
  /** a settings file of the proxy; '' : not given */
  readonly config: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** All of a settings file that matters here. Whether the rest of it is any good is for the proxy to say. */
const settingsSchema = z.object({ state: z.object({ folder: z.string().refine(isAbsolute) }).optional() });

const NOT_READ = { none: 'cannot be read (ENOENT)', unfit: 'is no file, or too large for settings' } as const;

/** Where the proxy keeps its state: as said, as its settings file says, or where it is without a word about it. */
export async function chosenFolder({ state, config, env }: FolderChoice): Promise<Result<string>> {
  if (state !== '') return success(resolve(state));
  const told = config === '' ? success('') : await folderIn(config);
  if (!told.ok || told.value !== '') return told;
  const folder = defaultStateFolder(env);
  return folder === '' ? failure('input.invalid', { reason: 'the environment tells no home folder' }) : success(folder);
}

async function folderIn(config: string): Promise<Result<string>> {
  try {
    // not a plain read: a kill must not wait for whoever writes into a pipe
    const found = await readChosenFile(config, SMALL_FILE_MAX_BYTES);
    if (found.kind !== 'text') return failure('input.invalid', { file: config, reason: NOT_READ[found.kind] });
    const settings = settingsSchema.safeParse(parse(found.text));
    if (!settings.success) return failure('input.invalid', { file: config, reason: 'state.folder is no absolute path' });
    return success(settings.data.state?.folder ?? '');
  } catch (error) {
    // the parser's message shows the lines around the mistake, which may hold a secret
    const reason = error instanceof TomlError ? `no TOML at line ${error.line}` : `cannot be read (${errnoOf(error)})`;
    if (!(error instanceof TomlError) && errnoOf(error) === '') throw error;
    return failure('input.invalid', { file: config, reason });
  }
}
