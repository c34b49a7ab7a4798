import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { success, failure, type Result } from '../contract/result';
import type { OfficerSummary } from '../contract/values';
import { base64Bytes } from '../evidence/base64';
import { canonical } from '../evidence/canonical';
import { officerId } from '../evidence/officer-id';
import { isSmallOrder } from '../evidence/small-order';
import { shortWords } from '../evidence/words';
import { sha256Bytes } from '../pack/sha256';
import { makeOfficer, officerFile, signAs, type OfficerFile } from './officer-file';

/** No officer file is larger: a wrong file is refused before it is parsed. Bytes. */
const MAX_FILE_BYTES = 16 * 1024;

/** What the station keeps of an officer whose file lives on removable media: where it was last seen, and the public part. */
const mediaEntry = officerFile
  .omit({ seal: true, format: true })
  .extend({ format: z.literal('keyrite-officer-on-media-1'), path: z.string().min(1) });

type Entry = OfficerFile | z.infer<typeof mediaEntry>;

/** The officers this station knows. Each is one file in `folder`: the sealed credential itself, or a pointer to one on media. */
export interface OfficerRegistry {
  list(): Promise<Result<readonly OfficerSummary[]>>;
  enrol(name: string, passphrase: Uint8Array, options?: { rehearsal: boolean }): Promise<Result<OfficerSummary>>;
  /** Writes the credential to `path` (never over an existing file); the station keeps only the public part. */
  enrolToFile(name: string, passphrase: Uint8Array, path: string): Promise<Result<OfficerSummary>>;
  /** Gets to know an officer file that somebody brought. */
  addFile(path: string): Promise<Result<OfficerSummary>>;
  /** Forgets an officer. A credential on this station is deleted; one on media is not touched. */
  remove(id: string): Promise<Result<null>>;
  find(id: string): Promise<Result<OfficerSummary>>;
  /** Signs with the officer's sealed key; the medium must be at hand. */
  sign(id: string, passphrase: Uint8Array, text: string): Promise<Result<string>>;
}

export function openRegistry(folder: string, now: () => Date = () => new Date()): OfficerRegistry {
  const pathOf = (id: string) => join(folder, `${id}.officer.json`);

  async function entries(): Promise<Entry[]> {
    const names = await readdir(folder).catch(whenMissing<string[]>([]));
    const read = await Promise.all(names.filter((name) => name.endsWith('.officer.json')).map((name) => readEntry(folder, name)));
    return read.filter((entry) => entry !== null).sort((a, b) => (a.enrolledAt < b.enrolledAt ? -1 : 1));
  }

  async function keep(entry: Entry): Promise<Result<OfficerSummary>> {
    const known = await entries();
    if (known.some(({ id }) => id === entry.id)) return failure('file.exists', { name: entry.name });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const written = await writeNew(pathOf(entry.id), entry);
    return written.ok ? success(summary(entry)) : written;
  }

  async function entryOf(id: string): Promise<Result<Entry>> {
    const found = (await entries()).find((entry) => entry.id === id);
    return found ? success(found) : failure('auth.officerUnknown', { officer: id });
  }

  return {
    list: async () => success((await entries()).map(summary)),
    async enrol(name, passphrase, options = { rehearsal: false }) {
      const made = await makeOfficer({ name, passphrase, enrolledAt: now(), rehearsal: options.rehearsal });
      return made.ok ? keep(made.value) : made;
    },
    async enrolToFile(name, passphrase, path) {
      const made = await makeOfficer({ name, passphrase, enrolledAt: now(), rehearsal: false });
      if (!made.ok) return made;
      const written = await writeNew(path, made.value);
      return written.ok ? keep(onMedia(made.value, path)) : written;
    },
    async addFile(path) {
      const file = await readFileStrictly(path);
      return file.ok ? keep(onMedia(file.value, path)) : file;
    },
    async remove(id) {
      const entry = await entryOf(id);
      if (!entry.ok) return entry;
      await rm(pathOf(id), { force: true });
      return success(null);
    },
    async find(id) {
      const entry = await entryOf(id);
      if (!entry.ok || !('path' in entry.value)) return entry.ok ? success(summary(entry.value)) : entry;
      // what the station remembers of an officer on media is only a memory: the file itself says who it is
      const file = await readFileStrictly(entry.value.path);
      if (!file.ok) return file;
      const known = onMedia(file.value, entry.value.path);
      return canonical(known) === canonical(entry.value)
        ? success(summary(known))
        : failure('auth.officerFile', { name: entry.value.name, why: 'the file at its place is another one' });
    },
    async sign(id, passphrase, text) {
      const entry = await entryOf(id);
      if (!entry.ok) return entry;
      const file = 'path' in entry.value ? await readFileStrictly(entry.value.path) : success(entry.value);
      if (!file.ok) return file;
      if (file.value.id !== id)
        return failure('auth.officerFile', { name: entry.value.name, why: 'the file at its place is another officer’s' });
      return signAs(file.value, passphrase, text);
    },
  };
}

function onMedia(file: OfficerFile, path: string): Entry {
  const { id, name, publicKey, enrolledAt, rehearsal } = file;
  return { format: 'keyrite-officer-on-media-1', id, name, publicKey, enrolledAt, rehearsal, path };
}

function summary(entry: Entry): OfficerSummary {
  const { id, name, publicKey, enrolledAt, rehearsal } = entry;
  const digest = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex');
  return { id, name, publicKey, words: shortWords(digest), enrolledAt, where: 'path' in entry ? 'media' : 'station', rehearsal };
}

/** An entry whose file name, id and key belong together; anything else in the folder is none of ours. */
async function readEntry(folder: string, name: string): Promise<Entry | null> {
  const bytes = await readPlain(join(folder, name));
  const parsed = bytes && z.union([officerFile, mediaEntry]).safeParse(parse(bytes.toString('utf8')));
  if (!parsed?.success || name !== `${parsed.data.id}.officer.json`) return null;
  return hasOwnId(parsed.data) ? parsed.data : null;
}

function hasOwnId({ id, publicKey }: Pick<OfficerFile, 'id' | 'publicKey'>): boolean {
  const key = base64Bytes(publicKey);
  return key?.length === 32 && !isSmallOrder(key) && officerId(key, sha256Bytes) === id;
}

/** A plain file that is not larger than an officer file can be; null for everything else: a pipe would never answer. */
async function readPlain(path: string): Promise<Buffer | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() && found.size <= MAX_FILE_BYTES ? readFile(path) : null;
}

async function readFileStrictly(path: string): Promise<Result<OfficerFile>> {
  if ((await stat(path).catch(() => null)) === null) return failure('file.notFound', { path });
  const bytes = await readPlain(path);
  const parsed = bytes && officerFile.safeParse(parse(bytes.toString('utf8')));
  if (!parsed?.success || !hasOwnId(parsed.data)) return failure('auth.officerFile', { path, why: 'it is not an officer file' });
  return success(parsed.data);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Writes a file that does not exist yet, whole or not at all, private to this user, and on the disk before it is there by name. */
async function writeNew(path: string, entry: Entry): Promise<Result<null>> {
  const temporary = `${path}.${randomUUID()}`;
  try {
    const exists = await open(path, 'r').then(async (file) => file.close().then(() => true), whenMissing(false));
    if (exists) return failure('file.exists', { path });
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(entry, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    return success(null);
  } catch (error) {
    await rm(temporary, { force: true });
    const full = (error as NodeJS.ErrnoException).code === 'ENOSPC';
    return failure(full ? 'file.diskFull' : 'file.notWritable', { path });
  }
}

function whenMissing<T>(value: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return value;
    throw error;
  };
}
