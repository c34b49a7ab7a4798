import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { openRegistry, type OfficerRegistry } from '../officers/registry';
import { diskFailure } from '../pack/disk-failure';
import { childEnvironment } from '../pkcs11/environment';
import { forkTokenProcess } from '../pkcs11/fork';
import { loadProfiles } from '../pkcs11/profile';
import type { StationGround, TokenProcess } from '../station/port';
import { nodeLaunch } from '../supervision/node-launch';
import { openStationProxy, type SupervisedProxy } from '../supervision/station-proxy';
import { PRACTICE, PRACTICE_INPUTS, PRACTICE_OFFICERS } from './practice';
import { openRehearsalAws } from './rehearsal-aws';
import { blankToken, initialisedToken, makeToken, prepareTokenFolder, type TokenFolder } from './softhsm';

/** Where the program's own files are. */
export interface ProgramPlaces {
  /** folder of `ceremonies/` and `profiles/` */
  readonly resourcesFolder: string;
  /** the built token child */
  readonly tokenChild: string;
  /** the built proxy under a supervisor; without it no proxy is rehearsed */
  readonly proxyChild?: string;
}

export interface RehearsalGround {
  readonly ground: StationGround;
  /** seat -> officer */
  readonly seats: Readonly<Record<string, string>>;
  /** ends the proxy and the rehearsal KMS, where they were started */
  readonly close: () => Promise<void>;
}

export interface RehearsalFolders {
  /** practice token and practice officers: what is there already is used again */
  readonly home: string;
  readonly evidence: string;
}

const TOKEN_LABEL = 'keyrite-practice';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Everything a rehearsal in the terminal stands on: a private SoftHSM token and the practice officers in `home`, and the evidence.
 * Errors: token.moduleMissing where there is no SoftHSM; file.notWritable.
 */
export async function prepareRehearsal(
  places: ProgramPlaces,
  { home, evidence }: RehearsalFolders,
  tool: StationGround['tool'],
): Promise<Result<RehearsalGround>> {
  const profilesFolder = join(places.resourcesFolder, 'profiles');
  const profiles = await loadProfiles(profilesFolder);
  if (!profiles.ok) return profiles;
  const softhsm = profiles.value.find(({ id }) => id === 'softhsm');
  if (!softhsm) return failure('file.notFound', { path: join(profilesFolder, 'softhsm.json') });
  const folder = await prepareTokenFolder(join(home, 'softhsm'), softhsm);
  if (!folder.ok) return folder;
  const officersFolder = join(home, 'officers');
  const seats = await seatPractice(openRegistry(officersFolder));
  if (!seats.ok) return seats;
  const proxyFolder = join(home, 'proxy');
  const proxy = openProxy(places, proxyFolder, folder.value);
  const aws = openRehearsalAws(join(home, 'kms'), { proxyFolder });
  const startToken = () => start(places, profilesFolder, folder.value);
  const ground: StationGround = {
    tool,
    resourcesFolder: places.resourcesFolder,
    evidenceFolder: evidence,
    officersFolder,
    mirrorFolder: () => '',
    stationIdentity: () => ({ id: 'terminal', kind: 'online' }),
    tokenAddress: ({ blank }) => practiceToken(startToken(), folder.value, blank),
    startTokenProcess: () => Promise.resolve(success(startToken())),
    suggestedInputs: () => Promise.resolve(PRACTICE_INPUTS),
    kms: aws.kms,
    keyPolicy: aws.keyPolicy,
    mediumFolder: ({ which, round, ceremonyId }) => practiceMedium(join(home, 'media', ceremonyId, `${which}-${round}`)),
    proxy,
    privateFolder: join(home, 'private'),
    calendarFile: join(home, 'calendar.json'),
    now: () => new Date(),
    onChange: () => undefined,
  };
  return success({
    ground,
    seats: seats.value,
    close: async () => {
      await proxy?.close();
      await aws.stop();
    },
  });
}

function openProxy({ proxyChild }: ProgramPlaces, folder: string, token: TokenFolder): SupervisedProxy | null {
  if (proxyChild === undefined) return null;
  return openStationProxy({
    folder,
    launch: nodeLaunch(proxyChild),
    environment: () => childEnvironment(process.env, [], token.environment),
  });
}

/** The practice officers, enrolled on first use, each in the seat made for them. */
async function seatPractice(officers: OfficerRegistry): Promise<Result<Record<string, string>>> {
  const known = await officers.list();
  if (!known.ok) return known;
  const seats: Record<string, string> = {};
  for (const { seat, name } of PRACTICE_OFFICERS) {
    const there = known.value.find((officer) => officer.name === name && officer.rehearsal);
    const officer = there ? success(there) : await officers.enrol(name, bytes(PRACTICE.passphrase), { rehearsal: true });
    if (!officer.ok) return officer;
    seats[seat] = officer.value.id;
  }
  return success(seats);
}

/** A practice medium is a folder that is always there. */
export async function practiceMedium(folder: string): Promise<Result<string>> {
  return mkdir(folder, { recursive: true, mode: 0o700 }).then(
    () => success(folder),
    (error: unknown) => diskFailure(error, folder),
  );
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
