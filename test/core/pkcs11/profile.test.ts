import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ATTRIBUTE_NAMES } from '../../../core/pkcs11/attribute-codec';
import { kmsSpecOf } from '../../../core/keys/kms-spec';
import { KEY_SPECS, type KeySpec } from '../../../core/keys/spec';
import { legalWrappings, type WrappingAlgorithm } from '../../../core/keys/wrapping';
import { findModule, inspectModuleFile } from '../../../core/pkcs11/module-file';
import { numberOf } from '../../../core/pkcs11/names';
import { loadProfiles, type Profile } from '../../../core/pkcs11/profile';

const SHIPPED = resolve(import.meta.dirname, '../../../resources/profiles');

async function shipped(): Promise<readonly Profile[]> {
  const loaded = await loadProfiles(SHIPPED);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  return loaded.value;
}

describe('module profiles', () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'keyrite-profiles-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('that are shipped load, one for each module we name', async () => {
    const ids = (await shipped()).map((profile) => profile.id).toSorted();
    expect(ids).toEqual(['aws-cloudhsm', 'entrust-nshield', 'nss-softokn', 'softhsm', 'thales-luna', 'utimaco', 'yubihsm2']);
  });

  it('that are shipped name only attributes and mechanisms that exist, and admit what we have not tested', async () => {
    for (const profile of await shipped()) {
      for (const { name } of profile.missing) expect(ATTRIBUTE_NAMES).toContain(name);
      for (const name of [profile.gcm.mechanism, profile.wrap.secret, profile.wrap.private, profile.byok?.keyWrap])
        if (name) expect(numberOf(name)).toBeGreaterThan(0);
      if (profile.knownFrom === 'documentation')
        expect(profile.notes.join(' ')).toContain('our tests do not run against this module');
    }
  });

  it('never leave out that a key is sensitive or may not be extracted', async () => {
    for (const profile of await shipped()) {
      const missing = profile.missing.map((attribute) => attribute.name);
      for (const name of ['CKA_SENSITIVE', 'CKA_EXTRACTABLE', 'CKA_TOKEN', 'CKA_LABEL', 'CKA_ID'])
        expect(missing).not.toContain(name);
    }
  });

  it('say why of each wrapping that this program cannot make with the module', async () => {
    for (const { id, byok } of await shipped()) {
      if (byok === null) continue;
      const told = (keySpec: KeySpec, algorithm: WrappingAlgorithm) =>
        byok.defects.some((defect) => defect.keySpecs.includes(keySpec) && defect.algorithms.includes(algorithm));
      for (const keySpec of KEY_SPECS) {
        const legal = legalWrappings(kmsSpecOf(keySpec)).map((wrapping) => wrapping.algorithm);
        const needsKeyWrap = legal.filter((algorithm) => algorithm.startsWith('RSA_AES'));
        if (byok.keyWrap === null)
          for (const algorithm of needsKeyWrap) expect([id, told(keySpec, algorithm)]).toEqual([id, true]);
      }
    }
  });

  it('with an unknown field, a wrong name or broken JSON are refused by file name', async () => {
    const good = JSON.parse(await readFile(join(SHIPPED, 'softhsm.json'), 'utf8')) as Record<string, unknown>;
    const texts = [JSON.stringify({ ...good, surprise: 1 }), JSON.stringify({ ...good, id: 'other' }), '{'];
    for (const text of texts) {
      await writeFile(join(folder, 'softhsm.json'), text);
      expect(await loadProfiles(folder)).toMatchObject({
        ok: false,
        error: { code: 'input.invalid', detail: { file: 'softhsm.json' } },
      });
    }
    expect(await loadProfiles(join(folder, 'nowhere'))).toMatchObject({ ok: false, error: { code: 'file.notFound' } });
  });

  it('find the first candidate that is a file, and hash a module before it is loaded', async () => {
    const module = join(folder, 'module.so');
    await writeFile(module, 'abc');
    const [profile] = await shipped();
    if (!profile) throw new Error('no profile');
    const candidates = [join(folder, 'absent.so'), folder, module];
    const here = { ...profile, candidates: { linux: candidates, darwin: candidates, win32: candidates } };
    expect(await findModule(here)).toBe(module);
    expect(await findModule({ ...here, candidates: { linux: [], darwin: [], win32: [] } })).toBe('');
    expect(await inspectModuleFile(module)).toEqual({
      ok: true,
      value: { path: module, sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' },
    });
  });
});
