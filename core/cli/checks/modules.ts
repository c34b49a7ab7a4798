import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ModuleReport } from '../../contract/token-values';
import type { Result } from '../../contract/result';
import { findModule } from '../../pkcs11/module-file';
import type { Profile } from '../../pkcs11/profile';
import { installCommand, packageManager } from '../../setup/system-packages.mjs';
import { fine, type Finding } from './finding';

const SOFTHSM = 'softhsm';

function softHsmMissing(found: string): Finding {
  return { id: SOFTHSM, title: 'SoftHSM', state: 'missing', found, remedy: installCommand('softhsm', packageManager()) };
}

/**
 * Loads SoftHSM over a token folder of its own: the system's may not be readable for this person, and is none of our business.
 * The configuration is named by an environment variable, because that is the only way SoftHSM takes it.
 */
async function loadSoftHsm(modulePath: string, profile: Profile): Promise<Result<ModuleReport>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyrite-doctor-'));
  try {
    const conf = path.join(folder, 'softhsm2.conf');
    await writeFile(conf, `directories.tokendir = ${folder}\nobjectstore.backend = file\nlog.level = ERROR\n`);
    process.env['SOFTHSM2_CONF'] = conf;
    const { loadModule } = await import('../../pkcs11/module');
    const loaded = await loadModule(modulePath, profile);
    return loaded.ok ? { ok: true, value: loaded.value.report } : loaded;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Is the token of the rehearsal there, and does it answer? Names its path, version and digest, as the evidence will. */
export async function checkSoftHsm(profiles: readonly Profile[]): Promise<Finding> {
  const profile = profiles.find(({ id }) => id === SOFTHSM);
  if (!profile) return softHsmMissing('its profile is missing');
  const modulePath = await findModule(profile);
  if (modulePath === '') return softHsmMissing('not at any usual place');
  const loaded = await loadSoftHsm(modulePath, profile);
  if (!loaded.ok) return softHsmMissing(`${modulePath} does not answer (${loaded.error.code})`);
  return fine(SOFTHSM, 'SoftHSM', `${modulePath}, version ${loaded.value.version}, SHA-256 ${loaded.value.sha256}`);
}

/** Which vendors' modules are at their usual places. None has to be. */
export async function checkProfiles(profiles: readonly Profile[]): Promise<Finding[]> {
  const others = profiles.filter(({ id }) => id !== SOFTHSM);
  return Promise.all(
    others.map(async ({ id, title, ...profile }) => {
      const found = await findModule({ id, title, ...profile });
      return found === ''
        ? { ...fine(`profile-${id}`, title, 'not here'), state: 'absent' as const }
        : fine(`profile-${id}`, title, found);
    }),
  );
}
