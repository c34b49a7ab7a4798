import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { defaultInputs, neededSeats, type Inputs } from '../../core/ceremony/variant';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { success, type Result } from '../../core/contract/result';
import { makeOfficer } from '../../core/officers/officer-file';
import { play, type Cast } from '../../core/rehearsal/player';
import { NEVER, NOBODY } from '../../core/keys/expiry';
import { authorisedEntries } from '../../core/rehearsal/practice-key';
import { PRACTICE, PRACTICE_INPUTS, PRACTICE_OFFICERS } from '../../core/rehearsal/practice';
import { practiceMedium, prepareRehearsal } from '../../core/rehearsal/rehearsal-ground';
import { openRehearsalAws, type RehearsalAws } from '../../core/rehearsal/rehearsal-aws';
import { findScript } from '../../core/station/library';
import type { Station, StationGround } from '../../core/station/port';
import { openStation } from '../../core/station/station';
import { bytes, must } from './ground';

export const RESOURCES = resolve(import.meta.dirname, '../../resources');

const TOOL = { name: 'keyrite', version: '0', build: 'test' };

/** The same people are known at every station that gets a copy of `folder`. */
export async function enrolPractice(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name } of PRACTICE_OFFICERS) {
    const passphrase = bytes(PRACTICE.passphrase);
    const officer = must(await makeOfficer({ name, passphrase, enrolledAt: new Date(), rehearsal: true }));
    await writeFile(join(folder, `${officer.id}.officer.json`), JSON.stringify(officer));
  }
}

/** Two stations with people in common and media that are carried between them; either may run both halves. */
export interface Room {
  readonly aws: RehearsalAws;
  /** clock of every station; moved by tests */
  readonly clock: { offsetMs: number };
  readonly media: (which: 'out' | 'back', round?: number) => string;
  readonly open: (name: string) => Promise<OpenStation>;
}

export interface OpenStation {
  readonly station: Station;
  readonly ground: StationGround;
  readonly evidence: string;
  /** the same folders after a restart of the program */
  readonly restarted: () => Station;
  /** the same with something about it changed meanwhile */
  readonly restartedWith: (changed: Partial<StationGround>) => Station;
  readonly start: (script: string, inputs: Readonly<Record<string, string>>) => Promise<Result<CeremonyView>>;
  readonly play: (station: Station, entries?: Readonly<Record<string, string>>, hands?: Hands) => Promise<Result<CeremonyView>>;
  /** plays until a view is as wanted, and stops there; the refusal that ended it before, if one did */
  readonly playUntil: (station: Station, isIt: (view: CeremonyView) => boolean, hands?: Hands) => Promise<Result<CeremonyView>>;
  /** starts, plays to the end and leaves; the sealed view */
  readonly through: (
    script: string,
    inputs: Readonly<Record<string, string>>,
    entries?: Readonly<Record<string, string>>,
  ) => Promise<CeremonyView>;
}

/** What people decide, and do when the player cannot. */
export type Hands = Pick<Cast, 'decide' | 'choice'>;

/** Is this act the next thing to be done? */
export function isDue(verb: string): (view: CeremonyView) => boolean {
  return ({ step }) => {
    if (step === null || step.read.state === 'now' || step.do.state !== 'now') return false;
    return step.do.form.kind === 'act' && step.do.form.verb === verb;
  };
}

/** Ends a play from outside. */
class Held extends Error {}

/** `atEnd`: when it is cleared away; by default with the test that opened it. */
export async function openRoom(tokenChild: string, atEnd: (clear: () => Promise<void>) => void = onTestFinished): Promise<Room> {
  const root = await mkdtemp(join(tmpdir(), 'keyrite-byok-'));
  const aws = openRehearsalAws(join(root, 'kms'));
  const clock = { offsetMs: 0 };
  const officers = join(root, 'officers');
  await enrolPractice(officers);
  atEnd(async () => {
    await aws.stop();
    await rm(root, { recursive: true, force: true });
  });
  const media = (which: 'out' | 'back', round = 1) => join(root, 'media', `${which}-${round}`);
  return { aws, clock, media, open: (name) => openOne({ root, name, tokenChild, aws, clock, media, officers }) };
}

interface Parts {
  readonly root: string;
  readonly name: string;
  readonly tokenChild: string;
  readonly aws: RehearsalAws;
  readonly clock: { offsetMs: number };
  readonly media: Room['media'];
  readonly officers: string;
}

async function openOne({ root, name, tokenChild, aws, clock, media, officers }: Parts): Promise<OpenStation> {
  const home = join(root, name);
  const evidence = join(home, 'evidence');
  await cp(officers, join(home, 'officers'), { recursive: true });
  const prepared = must(await prepareRehearsal({ resourcesFolder: RESOURCES, tokenChild }, { home, evidence }, TOOL));
  const ground: StationGround = {
    ...prepared.ground,
    stationIdentity: () => ({ id: name, kind: 'online' }),
    kms: aws.kms,
    keyPolicy: aws.keyPolicy,
    mediumFolder: ({ which, round }) => practiceMedium(media(which, round)),
    now: () => new Date(Date.now() + clock.offsetMs),
  };
  const station = openStation(ground);
  const { passphrase, userPin, soPin } = PRACTICE;
  const { serial } = must(await ground.tokenAddress({ blank: false }));

  async function start(script: string, given: Readonly<Record<string, string>>): Promise<Result<CeremonyView>> {
    // the other half is given what this one writes; a whole or a first half begins with new media
    if (given['leg'] !== 'offline') await rm(join(root, 'media'), { recursive: true, force: true });
    const found = must(await findScript(RESOURCES, script));
    const inputs: Inputs = { ...defaultInputs(found.script), ...PRACTICE_INPUTS, wrappingKeySpec: 'RSA_2048', ...given };
    const known = Object.fromEntries(Object.entries(inputs).filter(([input]) => input in found.script.inputs));
    const seats = Object.fromEntries(neededSeats(found.script, known).map((seat) => [seat, prepared.seats[seat] ?? '']));
    return station.start({ script, runMode: 'rehearsal', inputs: known, seats, typed: '' });
  }

  function playing(
    of: Station,
    entries: Readonly<Record<string, string>> = {},
    hands: Hands = {},
    onMove: (view: CeremonyView) => void = () => undefined,
  ): Promise<Result<CeremonyView>> {
    const inputs = Object.fromEntries((of.current()?.inputs ?? []).map(({ name, value }) => [name, value]));
    const read = { hsmSerial: serial, expiry: NEVER, owner: NOBODY, ...authorisedEntries(inputs) };
    return play(of, { passphrase, userPin, soPin, entries: { ...read, ...entries }, ...hands }, { onMove });
  }

  async function playUntil(of: Station, isIt: (view: CeremonyView) => boolean, hands: Hands = {}) {
    const held = new Held();
    try {
      return await playing(of, {}, hands, (view) => {
        if (isIt(view)) throw held;
      });
    } catch (error) {
      const view = of.current();
      if (error !== held || view === null) throw error;
      return success(view);
    }
  }

  return {
    station,
    ground,
    evidence,
    restarted: () => openStation(ground),
    restartedWith: (changed) => openStation({ ...ground, ...changed }),
    start,
    play: playing,
    playUntil,
    through: async (script, inputs, entries = {}) => {
      must(await start(script, inputs));
      const view = must(await playing(station, entries));
      await station.leave();
      return view;
    },
  };
}
