import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure, success, type Result } from '../../../core/contract/result';
import type { PersonCommand } from '../../../core/ceremony/command';
import type { CeremonyView } from '../../../core/ceremony/view-model';
import { makeOfficer, officerFile, type OfficerFile } from '../../../core/officers/officer-file';
import { openRegistry } from '../../../core/officers/registry';
import { PRACTICE, PRACTICE_OFFICERS } from '../../../core/rehearsal/practice';
import { play } from '../../../core/rehearsal/player';
import type { Station, StationGround, StartRequest, TokenProcess } from '../../../core/station/port';
import { openStation } from '../../../core/station/station';
import { blankMemory, fakeToken, type Faults, type FakeTokenMemory } from './fake-token';

export const RESOURCES = fileURLToPath(new URL('../../../resources', import.meta.url));

/** The cast that plays the shipped script on a fake token. */
export const CAST = {
  passphrase: PRACTICE.passphrase,
  userPin: PRACTICE.userPin,
  soPin: PRACTICE.soPin,
  entries: { hsmSerial: blankMemory().serial },
};

const bytes = (text: string) => new TextEncoder().encode(text);

let officersOnce: Promise<OfficerFile[]> | null = null;

/** Five officers for practice, made once. */
function officers(): Promise<OfficerFile[]> {
  officersOnce ??= Promise.all(
    PRACTICE_OFFICERS.map(async ({ name }) => {
      const made = await makeOfficer({
        name,
        passphrase: bytes(PRACTICE.passphrase),
        enrolledAt: new Date('2026-01-01T00:00:00Z'),
        rehearsal: true,
      });
      if (!made.ok) throw new Error(made.error.code);
      return officerFile.parse(made.value);
    }),
  );
  return officersOnce;
}

/** A station on a temporary folder with a fake token, five officers and hands to break things. */
export async function stage(options: { memory?: FakeTokenMemory; mirror?: string } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'keyrite-station-'));
  const memory = options.memory ?? blankMemory();
  const faults: { current: Faults } = { current: {} };
  const views: (CeremonyView | null)[] = [];
  const clock = { offsetMs: 0 };
  const processes: { kill: (reason: string) => void }[] = [];
  const officersFolder = join(folder, 'officers');
  await mkdir(officersFolder);
  const files = await officers();
  const { writeFile } = await import('node:fs/promises');
  for (const file of files) await writeFile(join(officersFolder, `${file.id}.officer.json`), JSON.stringify(file));
  const ground: StationGround = {
    tool: { name: 'keyrite', version: '0.0.0', build: 'test' },
    resourcesFolder: RESOURCES,
    evidenceFolder: join(folder, 'evidence'),
    officersFolder,
    mirrorFolder: () => options.mirror ?? '',
    stationIdentity: () => ({ id: 'test-1', kind: 'online' }),
    tokenAddress: async () =>
      success({ modulePath: '/fake/module.so', profile: 'softhsm', serial: memory.serial, label: memory.label }),
    startTokenProcess: async (): Promise<Result<TokenProcess>> => {
      let exited: (reason: string) => void = () => undefined;
      let dead = false;
      const port = fakeToken(memory, faults);
      processes.push({
        kill: (reason) => {
          dead = true;
          exited(reason);
        },
      });
      const guarded = new Proxy(port, {
        get: (target, name) => (dead ? async () => failure('token.moduleCrashed') : (Reflect.get(target, name) as unknown)),
      });
      return success({ port: guarded, onExit: (listener) => (exited = listener), stop: async () => undefined });
    },
    suggestedInputs: async () => ({}),
    kms: async () => failure('aws.noCredentials'),
    keyPolicy: async () => failure('file.notFound'),
    mediumFolder: async () => failure('file.notFound'),
    proxy: null,
    privateFolder: join(folder, 'private'),
    calendarFile: join(folder, 'calendar.json'),
    now: () => new Date(Date.now() + clock.offsetMs),
    onChange: (view) => views.push(view),
  };
  const seats: Record<string, string> = Object.fromEntries(
    PRACTICE_OFFICERS.map(({ seat }, i) => [seat, files[i]?.id ?? '']).filter(([seat]) => seat !== 'AO' && seat !== 'AA'),
  );
  const request: StartRequest = {
    script: 'hsm-key',
    runMode: 'rehearsal',
    inputs: { purpose: 'xks', keySpec: 'AES_256', keyLabel: 'xks-root-1', tokenState: 'ready' },
    seats,
    typed: '',
  };
  return {
    ...{ folder, memory, faults, views, clock, processes, ground, request, seats },
    station: openStation(ground),
    registry: openRegistry(officersFolder),
    /** another program on the same folders, as after a restart */
    restarted: () => openStation(ground),
    /** the evidence as it lies on disk now, for a restart from a moment in the past */
    snapshot: async (to: string) => cp(ground.evidenceFolder, to, { recursive: true }),
    transcript: async (ceremonyId: string) =>
      (await readFile(join(ground.evidenceFolder, ceremonyId, 'transcript.jsonl'), 'utf8'))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { type: string; step: string; data: Record<string, unknown> }),
    done: () => rm(folder, { recursive: true, force: true }),
  };
}

export type Stage = Awaited<ReturnType<typeof stage>>;

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.error.code} ${JSON.stringify(result.error.detail)}`);
  return result.value;
}

/** Plays until the step with this id is current, and stops there. */
export async function playTo(station: Station, step: string): Promise<CeremonyView> {
  const reached = new Error('reached');
  try {
    if (station.current()?.step?.id !== step) {
      await play(station, CAST, {
        onMove: (view) => {
          if (view.step?.id === step) throw reached;
        },
      });
    }
  } catch (error) {
    if (error !== reached) throw error;
  }
  const view = station.current();
  if (view?.step?.id !== step) throw new Error(`The ceremony did not come to step ${step}.`);
  return view;
}

type Decision = Extract<PersonCommand, { type: 'decideException' }>;

/** Two people of two roles decide about an exception that is open; `effectOnKey` is for a key that must not live. */
export const decision = (
  number: number,
  chosen: 'continue' | 'repeat' | 'stop',
  reason: string,
  { effectOnKey = 'none', decidedBy = ['CA', 'IW'], owner = 'CA' }: Partial<Omit<Decision, 'type'>> = {},
): Decision => ({ type: 'decideException', number, decision: chosen, reason, effectOnKey, decidedBy, owner });
