import { createPublicKey, verify } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRegistry, type OfficerRegistry } from '../../../core/officers/registry';
import type { Result } from '../../../core/contract/result';

const PASSPHRASE = 'seven grey geese on the roof';
const bytes = (text: string) => new TextEncoder().encode(text);

let folder: string;
let registry: OfficerRegistry;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrite-officers-'));
  registry = openRegistry(join(folder, 'station'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function verifies(publicKey: string, text: string, signature: string): boolean {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(publicKey, 'base64')]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
}

describe('the officers of a station', () => {
  it('are empty before anybody is enrolled', async () => {
    expect(value(await registry.list())).toEqual([]);
  });

  it('sign with their passphrase, and the signature verifies with the public key of the list', async () => {
    const officer = value(await registry.enrol('Ada Lovelace', bytes(PASSPHRASE)));
    const signature = value(await registry.sign(officer.id, bytes(PASSPHRASE), 'keyrite\n'));
    expect(verifies(officer.publicKey, 'keyrite\n', signature)).toBe(true);
    expect(verifies(officer.publicKey, 'keyrit3\n', signature)).toBe(false);
  });

  it('cannot sign with another passphrase', async () => {
    const officer = value(await registry.enrol('Ada Lovelace', bytes(PASSPHRASE)));
    expect(await registry.sign(officer.id, bytes('seven grey geese on the barn'), 'x')).toMatchObject({
      error: { code: 'auth.passphraseWrong' },
    });
  });

  it.each(['short', 'aaaaaaaaaaaaaaaaaaaaaaaa', ''])('are not enrolled with the weak passphrase %j', async (weak) => {
    expect(await registry.enrol('Ada', bytes(weak))).toMatchObject({ error: { code: 'auth.passphraseWeak' } });
    expect(value(await registry.list())).toEqual([]);
  });

  it('lie in files that are private and hold neither passphrase nor seed in the clear', async () => {
    const officer = value(await registry.enrol('Ada Lovelace', bytes(PASSPHRASE)));
    const path = join(folder, 'station', `${officer.id}.officer.json`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, 'utf8');
    expect(text).not.toContain(PASSPHRASE);
    expect(JSON.parse(text)).toMatchObject({ seal: { kdf: 'scrypt', N: 131072, r: 8, p: 1 } });
  });

  it('open at once where they are for practice, and sign as the others do', async () => {
    const officer = value(await registry.enrol('Ada Practice', bytes(PASSPHRASE), { rehearsal: true }));
    const text = await readFile(join(folder, 'station', `${officer.id}.officer.json`), 'utf8');
    expect(JSON.parse(text)).toMatchObject({ rehearsal: true, seal: { kdf: 'scrypt', N: 16384, r: 8, p: 1 } });
    const signature = value(await registry.sign(officer.id, bytes(PASSPHRASE), 'keyrite\n'));
    expect(verifies(officer.publicKey, 'keyrite\n', signature)).toBe(true);
  });

  it('live on removable media when asked, and only the public part stays on the station', async () => {
    const medium = join(folder, 'ada.officer.json');
    const officer = value(await registry.enrolToFile('Ada Lovelace', bytes(PASSPHRASE), medium));
    expect(officer.where).toBe('media');
    const kept = await readFile(join(folder, 'station', `${officer.id}.officer.json`), 'utf8');
    expect(kept).not.toContain('sealed');
    value(await registry.sign(officer.id, bytes(PASSPHRASE), 'x'));
    await rm(medium);
    expect(await registry.sign(officer.id, bytes(PASSPHRASE), 'x')).toMatchObject({ error: { code: 'file.notFound' } });
  });

  it('can be brought to another station as a file, once', async () => {
    const medium = join(folder, 'ada.officer.json');
    const officer = value(await registry.enrolToFile('Ada Lovelace', bytes(PASSPHRASE), medium));
    const other = openRegistry(join(folder, 'other'));
    expect(value(await other.addFile(medium)).id).toBe(officer.id);
    expect(await other.addFile(medium)).toMatchObject({ error: { code: 'file.exists' } });
  });

  it('are refused when somebody put another name on the file', async () => {
    const medium = join(folder, 'ada.officer.json');
    const officer = value(await registry.enrolToFile('Ada Lovelace', bytes(PASSPHRASE), medium));
    await writeFile(medium, (await readFile(medium, 'utf8')).replace('Ada Lovelace', 'Eve Lovelace'));
    expect(await registry.sign(officer.id, bytes(PASSPHRASE), 'x')).toMatchObject({ ok: false });
  });

  it.each(['{}', 'not json', '\0'.repeat(40_000), '{"format":"keyrite-officer-1"}'])(
    'are not read from a wrong file',
    async (content) => {
      const wrong = join(folder, 'wrong.json');
      await writeFile(wrong, content);
      expect(await registry.addFile(wrong)).toMatchObject({ error: { code: 'auth.officerFile' } });
    },
  );

  it('are who their own file says, whatever the station was made to remember', async () => {
    const medium = join(folder, 'ada.officer.json');
    const officer = value(await registry.enrolToFile('Ada Lovelace', bytes(PASSPHRASE), medium));
    const kept = join(folder, 'station', `${officer.id}.officer.json`);
    await writeFile(kept, (await readFile(kept, 'utf8')).replace('Ada Lovelace', 'Eve Lovelace'));
    expect(await registry.find(officer.id)).toMatchObject({ error: { code: 'auth.officerFile' } });
  });

  it('are not found under another file name, nor in what is no plain file', async () => {
    const officer = value(await registry.enrol('Ada Lovelace', bytes(PASSPHRASE)));
    const kept = join(folder, 'station', `${officer.id}.officer.json`);
    await writeFile(join(folder, 'station', 'dup.officer.json'), await readFile(kept));
    await mkdir(join(folder, 'station', '0011223344556677.officer.json'));
    expect(value(await registry.list())).toHaveLength(1);
  });

  it('never overwrite a file that exists', async () => {
    const medium = join(folder, 'holiday.json');
    await writeFile(medium, 'photos');
    expect(await registry.enrolToFile('Ada', bytes(PASSPHRASE), medium)).toMatchObject({ error: { code: 'file.exists' } });
    expect(await readFile(medium, 'utf8')).toBe('photos');
    expect(await readdir(folder)).toEqual(['holiday.json']);
  });

  it('are forgotten when removed', async () => {
    const officer = value(await registry.enrol('Ada Lovelace', bytes(PASSPHRASE)));
    value(await registry.remove(officer.id));
    expect(value(await registry.list())).toEqual([]);
    expect(await registry.remove(officer.id)).toMatchObject({ error: { code: 'auth.officerUnknown' } });
  });
});
