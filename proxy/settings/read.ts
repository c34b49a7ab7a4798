import { loadProfiles } from '../../core/pkcs11/profile';
import type { Form } from './form';
import { readHealth, readKeys } from './read-keys';
import { readCiphertexts, readLimits, readPool } from './read-pool';
import { readHsm } from './read-hsm';
import { readKeyStores } from './read-key-stores';
import { readAudit, readLog, readMetrics, readStateFolder } from './read-records';
import { readAuthorization, readSigV4, readTls } from './read-security';
import { readServer, readTcpKeepAlive } from './read-server';
import { refuseSharedDescriptors } from './read-source';
import type { Reading } from './reading';
import { readPlainFile, type PlainFile } from './plain-file';
import { Remarks } from './remarks';
import type { Settings, SettingsRemark } from './settings';
import { judgeShape } from './shape';
import { parseToml } from './toml';

export type SettingsAnswer =
  | { readonly ok: true; readonly settings: Settings; /** warnings */ readonly remarks: readonly SettingsRemark[] }
  | { readonly ok: false; /** every error, then the warnings */ readonly remarks: readonly SettingsRemark[] };

export interface SettingsPlaces {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `resources/profiles` */
  readonly profilesFolder: string;
}

async function readWhole(file: string, remarks: Remarks): Promise<PlainFile | null> {
  try {
    return await readPlainFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unreadable';
    const remedy =
      code === 'EACCES'
        ? 'Let the user the proxy runs as read it.'
        : 'Name the settings file with --config, a text file of a few kilobytes; resources/proxy has samples.';
    remarks.error('', `${file} cannot be read (${code}).`, remedy);
    return null;
  }
}

function hasSecrets(form: Form): boolean {
  return (
    Boolean(form.pkcs11?.user_pin) || (form.external_key_stores ?? []).some((store) => Boolean(store.sigv4_secret_access_key))
  );
}

/** Whoever writes the settings chooses the library that is given the PIN. */
function judgeMode({ mode }: PlainFile, file: string, form: Form, remarks: Remarks): void {
  if (process.platform === 'win32') return;
  if ((mode & 0o002) !== 0) {
    remarks.error(
      '',
      `${file} may be written by every user of this machine.`,
      `chmod o-w ${file}, and look whether it was changed.`,
    );
  }
  if ((mode & 0o077) === 0 || !hasSecrets(form)) return;
  remarks.warning(
    '',
    `${file} holds secrets and can be read by others (mode ${(mode & 0o777).toString(8).padStart(4, '0')}).`,
    `chmod 600 ${file}, or better: keep secrets out of it.`,
  );
}

/** Reads everything, in an order that lets each part see those it has to agree with. */
function assemble(reading: Reading): Settings {
  const tls = readTls(reading);
  const limits = readLimits(reading);
  const server = readServer(reading, tls !== null, limits);
  const keyStores = readKeyStores(reading);
  const stateFolder = readStateFolder(reading);
  const hsm = readHsm(reading);
  refuseSharedDescriptors(reading, [hsm.pin, ...keyStores.flatMap(({ credentials }) => credentials.map(({ secret }) => secret))]);
  return {
    server,
    tls,
    isSigV4On: readSigV4(reading, server.host),
    keyStores,
    keys: readKeys(reading, keyStores),
    hsm,
    pool: readPool(reading),
    limits,
    ciphertexts: readCiphertexts(reading),
    stateFolder,
    audit: readAudit(reading, stateFolder),
    metrics: readMetrics(reading, server),
    authorization: readAuthorization(reading),
    health: readHealth(reading, keyStores),
    log: readLog(reading),
    tcpKeepAlive: readTcpKeepAlive(reading),
  };
}

/**
 * Reads and judges a settings file: TOML, ours or that of the AWS sample proxy. Opens no other file that it names; `checkSurroundings`
 * does. Every error is found at once, except that a file that is no TOML is not judged further.
 * @throws where our own profiles cannot be read: a broken installation
 */
export async function readSettings(file: string, { env, profilesFolder }: SettingsPlaces): Promise<SettingsAnswer> {
  const remarks = new Remarks();
  const profiles = await loadProfiles(profilesFolder);
  if (!profiles.ok) throw new Error(`The profiles in ${profilesFolder} cannot be read: ${JSON.stringify(profiles.error.detail)}`);
  const read = await readWhole(file, remarks);
  const tree = read && parseToml(read.bytes, remarks);
  if (read === null || tree === null) return { ok: false, remarks: remarks.all };
  const form = judgeShape(tree, remarks);
  judgeMode(read, file, form, remarks);
  const settings = assemble({ form, remarks, env, profiles: profiles.value });
  return remarks.hasErrors ? { ok: false, remarks: remarks.all } : { ok: true, settings, remarks: remarks.all };
}
