import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadProfiles } from '../../../core/pkcs11/profile';
import { PROFILES_FOLDER, read, settingsOf } from './ground';

const FOLDER = resolve(import.meta.dirname, '../../../resources/proxy');
const SAMPLES = readdirSync(FOLDER).toSorted();

const sample = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

/** Warnings that a sample is meant to show. */
const WARNINGS: Readonly<Record<string, readonly string[]>> = {
  'softhsm.toml': ['hsm.profile'],
  'nss-softokn.toml': ['hsm.profile'],
  'entrust-nshield.toml': ['hsm.profile'],
};

describe('the sample settings in resources/proxy', () => {
  it.each(SAMPLES)('%s can be used, and warns of nothing but what it is', async (name) => {
    const answer = await read(sample(name));
    expect(answer.remarks.map(({ key }) => key)).toEqual(WARNINGS[name] ?? []);
    expect(answer.ok).toBe(true);
  });

  it('there is one for each profile whose HSM can do AES-GCM, under its name, and it names the profile', async () => {
    const profiles = await loadProfiles(PROFILES_FOLDER);
    if (!profiles.ok) throw new Error(profiles.error.code);
    const able = profiles.value.filter(({ notes }) => !notes.some((note) => note.includes('offers no AES-GCM')));
    expect(SAMPLES).toEqual([...able.map(({ id }) => `${id}.toml`), 'from-aws-sample.toml'].toSorted());
    for (const { id, candidates } of able) {
      const { hsm } = await settingsOf(sample(`${id}.toml`));
      expect(hsm.profile).toBe(id);
      expect(candidates.linux).toContain(hsm.module);
      expect(hsm.pin).toEqual({ from: 'credential', name: 'pin' });
    }
  });

  it.each(SAMPLES)('%s shows defaults that are the defaults', async (name) => {
    const text = sample(name);
    const shown = text.replaceAll(
      /^# ([a-z_]+ = (?:\d+|"keyrite-health"|"refuse"|"\/var\/lib\/keyrite-proxy\/audit"|\["sample"\]))$/gm,
      '$1',
    );
    if (name !== 'from-aws-sample.toml') expect(shown).not.toBe(text);
    expect(await settingsOf(shown)).toEqual(await settingsOf(text));
  });
});
