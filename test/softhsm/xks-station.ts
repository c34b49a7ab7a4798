import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neededSeats, defaultInputs, type Inputs } from '../../core/ceremony/variant';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { success, type Result } from '../../core/contract/result';
import type { KeyStore } from '../../core/kms/key-store';
import type { KmsPort } from '../../core/kms/port';
import { play, type PlayerEvents } from '../../core/rehearsal/player';
import { PRACTICE, PRACTICE_INPUTS } from '../../core/rehearsal/practice';
import { practiceMedium, prepareRehearsal } from '../../core/rehearsal/rehearsal-ground';
import { openRehearsalAws, type RehearsalAws } from '../../core/rehearsal/rehearsal-aws';
import { findScript } from '../../core/station/library';
import type { Station, StationGround } from '../../core/station/port';
import type { StationProxy } from '../../core/station/proxy-port';
import { openStation } from '../../core/station/station';
import { buildEntries, type BuiltEntries } from './build-child';
import { enrolPractice, isDue, RESOURCES, type Hands } from './byok-stations';
import { bytes, must } from './ground';

export const REGION = 'eu-central-1';
export const STORE = 'rehearsal-store';
export const OWNER = 'Olga Owner';

const TOOL = { name: 'keyrite', version: '0', build: 'test' };

/** What a station with a proxy needs built: its token child, and the proxy with the process that holds the HSM. */
export function buildXks(more: Readonly<Record<string, string>> = {}): Promise<BuiltEntries> {
  return buildEntries({
    'token-child': 'core/pkcs11/child/main.ts',
    'hsm-process': 'proxy/hsm/process/main.ts',
    'proxy-child': 'proxy/child.ts',
    ...more,
  });
}

/** One station with everything of its own: token, officers, supervised proxy, rehearsal KMS. */
export interface XksStation {
  readonly home: string;
  readonly evidence: string;
  readonly proxyFolder: string;
  readonly ground: StationGround;
  readonly proxy: StationProxy;
  readonly aws: RehearsalAws;
  /** clock of the station; moved by tests, together with that of KMS */
  readonly clock: { offsetMs: number };
  /** a program on these folders, as after a restart; `changed`: what is different now */
  readonly open: (changed?: Partial<StationGround>) => Station;
  readonly media: (which: 'out' | 'back') => string;
  readonly kms: () => Promise<KmsPort>;
  readonly store: (name?: string) => Promise<KeyStore | null>;
  readonly start: (station: Station, script: string, inputs?: Inputs) => Promise<Result<CeremonyView>>;
  readonly play: (station: Station, hands?: XksHands) => Promise<Result<CeremonyView>>;
  /** plays until a view is as wanted, and stops there; the refusal that ended it before, if one did */
  readonly playUntil: (
    station: Station,
    isIt: (view: CeremonyView) => boolean,
    hands?: XksHands,
  ) => Promise<Result<CeremonyView>>;
  /** starts, plays to the end and leaves; the sealed view */
  readonly through: (script: string, inputs?: Inputs, hands?: XksHands) => Promise<CeremonyView>;
  readonly close: () => Promise<void>;
}

/** What people decide and know, where it is not what everybody would. */
export interface XksHands extends Hands, PlayerEvents {
  readonly userPin?: string;
}

/** Ends a play from outside. */
class Held extends Error {}

export async function openXksStation(built: BuiltEntries): Promise<XksStation> {
  const home = await mkdtemp(join(tmpdir(), 'keyrite-xks-'));
  const [evidence, proxyFolder] = [join(home, 'evidence'), join(home, 'proxy')];
  await enrolPractice(join(home, 'officers'));
  const places = {
    resourcesFolder: RESOURCES,
    tokenChild: built.path('token-child'),
    proxyChild: built.path('proxy-child'),
  };
  const prepared = must(await prepareRehearsal(places, { home, evidence }, TOOL));
  const aws = openRehearsalAws(join(home, 'kms'), { proxyFolder });
  const clock = { offsetMs: 0 };
  const media = (which: 'out' | 'back') => join(home, 'media', which);
  const { proxy } = prepared.ground;
  if (proxy === null) throw new Error('A station with a built proxy has one.');
  const ground: StationGround = {
    ...prepared.ground,
    kms: aws.kms,
    mediumFolder: ({ which }) => practiceMedium(media(which)),
    now: () => new Date(Date.now() + clock.offsetMs),
  };
  const { serial } = must(await ground.tokenAddress({ blank: false }));
  const { passphrase, userPin, soPin } = PRACTICE;
  const entries = { hsmSerial: serial, datesOwner: OWNER };
  const open = (changed: Partial<StationGround> = {}) => openStation({ ...ground, ...changed });
  const kms = async () => must(await aws.kms({ region: REGION, runMode: 'rehearsal', as: 'administrator' }));

  async function start(station: Station, script: string, given: Inputs = {}): Promise<Result<CeremonyView>> {
    const found = must(await findScript(RESOURCES, script));
    const all: Inputs = { ...defaultInputs(found.script), ...PRACTICE_INPUTS, ...given };
    const inputs = Object.fromEntries(Object.entries(all).filter(([input]) => input in found.script.inputs));
    const seats = Object.fromEntries(neededSeats(found.script, inputs).map((seat) => [seat, prepared.seats[seat] ?? '']));
    return station.start({ script, runMode: 'rehearsal', inputs, seats, typed: '' });
  }

  function playing(station: Station, { beforeMove, onMove, ...hands }: XksHands = {}): Promise<Result<CeremonyView>> {
    return play(
      station,
      { passphrase, userPin, soPin, entries, ...hands },
      { ...(beforeMove && { beforeMove }), ...(onMove && { onMove }) },
    );
  }

  async function playUntil(station: Station, isIt: (view: CeremonyView) => boolean, hands: XksHands = {}) {
    const now = station.current();
    if (now !== null && isIt(now)) return success(now);
    const held = new Held();
    try {
      return await playing(station, {
        ...hands,
        onMove: (view) => {
          hands.onMove?.(view);
          if (isIt(view)) throw held;
        },
      });
    } catch (error) {
      const view = station.current();
      if (error !== held || view === null) throw error;
      return success(view);
    }
  }

  return {
    ...{ home, evidence, proxyFolder, ground, proxy, aws, clock, open, media, kms, start, playUntil },
    play: playing,
    store: async (name = STORE) => must(await (await kms()).keyStore({ name })).value,
    through: async (script, inputs, hands) => {
      const station = open();
      must(await start(station, script, inputs));
      const view = must(await playing(station, hands));
      await station.leave();
      return view;
    },
    close: async () => {
      await prepared.close();
      await aws.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** The PIN of the practice token, as a person enters it at the proxy. */
export const practicePin = (): Uint8Array => bytes(PRACTICE.userPin);

export const happened = (view: CeremonyView): readonly string[] => view.exceptions.map((one) => one.happened);

/** Is this act the next thing to be done, with nothing to be decided or looked for before? */
export function isNext(verb: string): (view: CeremonyView) => boolean {
  return (view) => view.phase === 'running' && view.exceptions.every(({ decision }) => decision !== null) && isDue(verb)(view);
}
