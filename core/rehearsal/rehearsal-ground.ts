import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { openRegistry, type OfficerRegistry } from '../officers/registry';
import { childEnvironment } from '../pkcs11/environment';
import { forkTokenProcess } from '../pkcs11/fork';
import { loadProfiles } from '../pkcs11/profile';
import type { StationGround, TokenProcess } from '../station/port';
import { PRACTICE, PRACTICE_OFFICERS } from './practice';
import { blankToken, initialisedToken, makeToken, prepareTokenFolder, type TokenFolder } from './softhsm';

/** Where the program's own files are. */
export interface ProgramPlaces {
  /** folder of `ceremonies/` and `profiles/` */
  readonly resourcesFolder: string;
  /** the built token child */
  readonly tokenChild: string;
}

export interface RehearsalGround {
  readonly ground: StationGround;
  readonly officers: OfficerRegistry;
  /** seat -> officer */
  readonly seats: Readonly<Record<string, string>>;
  /** Removes the practice token and the practice officers. The evidence stays. */
  readonly clear: () => Promise<void>;
}

const TOKEN_LABEL = 'keyrite-practice';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Everything a rehearsal in the terminal stands on: a private SoftHSM token and five practice officers in a folder of their own,
 * which goes with it, and evidence in `evidenceFolder`, which stays.
 * Errors: token.moduleMissing where there is no SoftHSM; file.notWritable.
 */
export async function prepareRehearsal(
  places: ProgramPlaces,
  evidenceFolder: string,
  tool: StationGround['tool'],
): Promise<Result<RehearsalGround>> {
  const profilesFolder = join(places.resourcesFolder, 'profiles');
  const profiles = await loadProfiles(profilesFolder);
  if (!profiles.ok) return profiles;
  const softhsm = profiles.value.find(({ id }) => id === 'softhsm');
  if (!softhsm) return failure('file.notFound', { path: join(profilesFolder, 'softhsm.json') });
  const made = await mkdir(evidenceFolder, { recursive: true }).then(
    () => true,
    () => false,
  );
  if (!made) return failure('file.notWritable', { path: evidenceFolder });
  const home = await mkdtemp(join(tmpdir(), 'keyrite-rehearsal-'));
  const clear = () => rm(home, { recursive: true, force: true });
  const folder = await prepareTokenFolder(join(home, 'softhsm'), softhsm);
  if (!folder.ok) return clear().then(() => folder);
  const startTokenProcess = (): Promise<Result<TokenProcess>> =>
    Promise.resolve(success(start(places, profilesFolder, folder.value)));
  const officers = openRegistry(join(home, 'officers'));
  const seats: Record<string, string> = {};
  for (const { seat, name } of PRACTICE_OFFICERS) {
    const officer = await officers.enrol(name, bytes(PRACTICE.passphrase), { rehearsal: true });
    if (!officer.ok) return clear().then(() => officer);
    seats[seat] = officer.value.id;
  }
  const ground: StationGround = {
    tool,
    resourcesFolder: places.resourcesFolder,
    evidenceFolder,
    officersFolder: join(home, 'officers'),
    mirrorFolder: () => '',
    stationIdentity: () => ({ id: 'terminal', kind: 'online' }),
    tokenAddress: ({ blank }) => practiceToken(start(places, profilesFolder, folder.value), folder.value, blank),
    startTokenProcess,
    now: () => new Date(),
    onChange: () => undefined,
  };
  return success({ ground, officers, seats, clear });
}

function start({ tokenChild }: ProgramPlaces, profilesFolder: string, folder: TokenFolder): TokenProcess {
  return forkTokenProcess({
    script: tokenChild,
    profilesFolder,
    environment: childEnvironment(process.env, [], folder.environment),
  });
}

/** The practice token: found, or made on first use; a blank one where the ceremony is to initialise it. */
export async function practiceToken(
  process: TokenProcess,
  folder: TokenFolder,
  blank: boolean,
): ReturnType<StationGround['tokenAddress']> {
  try {
    if (blank) return await blankToken(process.port, folder);
    const found = await initialisedToken(process.port, folder, TOKEN_LABEL);
    if (found.ok || found.error.code !== 'token.notFound') return found;
    return await makeToken(process.port, folder, TOKEN_LABEL, { soPin: bytes(PRACTICE.soPin), userPin: bytes(PRACTICE.userPin) });
  } finally {
    await process.stop();
  }
}
