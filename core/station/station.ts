import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readEvent } from '../ceremony/events';
import { failure, success, type Result } from '../contract/result';
import type { CeremonyView } from '../ceremony/view-model';
import type { TranscriptEvent } from '../evidence/event';
import { openRegistry } from '../officers/registry';
import { diskFailure } from '../pack/disk-failure';
import { createPack, dropUnreferenced } from '../pack/folder';
import { createJournal, openJournal } from '../pack/journal';
import { listPacks } from '../pack/list';
import { loadProfiles } from '../pkcs11/profile';
import type { TokenAddress } from '../pkcs11/port';
import { usesToken } from '../ceremony/variant';
import { readFile } from 'node:fs/promises';
import { isAboutStore, lastStore } from './last-store';
import { asChoice, findScript, listScripts, parseScript, type LibraryScript } from './library';
import { checkStart, newCeremonyId, openingEvent } from './opening';
import type { StartRequest, Station, StationGround } from './port';
import { RunningCeremony } from './running-ceremony';
import { Transcript } from './transcript';

/** What event 0 says of the token where the plan needs none: the online half of an import. */
const NO_TOKEN: TokenAddress = { profile: '', modulePath: '', serial: '', label: '' };

/** A station with nothing on its stage. */
export function openStation(ground: StationGround): Station {
  const officers = openRegistry(ground.officersFolder, ground.now);
  let running: RunningCeremony | null = null;
  let starting = false;

  /** Only one ceremony at a time, also while one is being set up. */
  async function alone(body: () => Promise<Result<CeremonyView>>): Promise<Result<CeremonyView>> {
    if (running !== null || starting) return failure('ceremony.alreadyRunning');
    starting = true;
    try {
      return await body();
    } finally {
      starting = false;
    }
  }

  async function start(request: StartRequest): Promise<Result<CeremonyView>> {
    const library = await findScript(ground.resourcesFolder, request.script);
    if (!library.ok) return library;
    const participants = await checkStart(library.value, request, officers, ground.stationIdentity());
    if (!participants.ok) return participants;
    const token = usesToken(library.value.script, request.inputs)
      ? await ground.tokenAddress({ blank: request.inputs['tokenState'] === 'blank' })
      : success(NO_TOKEN);
    if (!token.ok) return token;
    const profile = await profileOf(ground, token.value.profile);
    if (!profile.ok) return profile;
    if (request.runMode === 'production' && profile.value.rehearsalOnly)
      return failure('policy.rehearsalOnly', { what: profile.value.title });
    const there = await makeFolder(ground.evidenceFolder);
    if (!there.ok) return there;
    const ceremonyId = newCeremonyId(library.value.script.id, ground.now());
    const packFolder = await createPack(ground.evidenceFolder, ceremonyId, library.value.bytes);
    if (!packFolder.ok) return packFolder;
    const opened = await createJournal(packFolder.value, ground.mirrorFolder());
    if (!opened.ok) return opened;
    const event = openingEvent(ground, library.value, request, {
      ceremonyId,
      participants: participants.value,
      token: token.value,
    });
    const transcript = await Transcript.begin(library.value.script, opened.value.journal, ground.now, event);
    if (!transcript.ok) {
      await opened.value.journal.close();
      return transcript;
    }
    running = new RunningCeremony({ ground, officers, packFolder: packFolder.value, profile: profile.value }, transcript.value);
    return running.begin(opened.value.alarm);
  }

  async function reopen(ceremonyId: string): Promise<Result<CeremonyView>> {
    if (!/^[a-z0-9][a-z0-9-]{3,80}$/.test(ceremonyId)) return failure('file.notFound', { ceremonyId });
    const packFolder = join(ground.evidenceFolder, ceremonyId);
    const bytes = await readFile(join(packFolder, 'script.yaml')).catch(() => null);
    if (bytes === null) return failure('file.notFound', { ceremonyId });
    const library = parseScript(bytes, 'script.yaml');
    if (!library.ok) return library;
    const opened = await openJournal(packFolder, ground.mirrorFolder());
    if (!opened.ok) return opened;
    const continued = await goOn(packFolder, library.value.sha256, opened.value.events);
    const transcript = continued.ok
      ? Transcript.resume(library.value.script, opened.value.journal, ground.now, opened.value.events)
      : continued;
    if (!transcript.ok) {
      await opened.value.journal.close();
      return transcript;
    }
    const profile = await profileOf(ground, transcript.value.state.genesis.data.token.profile);
    if (!profile.ok) {
      await opened.value.journal.close();
      return profile;
    }
    const ceremony = new RunningCeremony({ ground, officers, packFolder, profile: profile.value }, transcript.value);
    const view = await ceremony.reopen(opened.value.alarm);
    if (view.ok) running = ceremony;
    else await ceremony.close();
    return view;
  }

  return {
    async choices() {
      const scripts = await listScripts(ground.resourcesFolder);
      if (!scripts.ok) return scripts;
      const suggested = await ground.suggestedInputs();
      const store = await lastStore(ground.evidenceFolder);
      const forScript = ({ script }: LibraryScript) => (isAboutStore(script) ? { ...suggested, ...store } : suggested);
      return success(scripts.value.map((script) => asChoice(script, forScript(script))));
    },
    start: (request) => alone(() => start(request)),
    reopen: (ceremonyId) => alone(() => reopen(ceremonyId)),
    current: () => running?.view() ?? null,
    submit: (command, pin, typed) => onStage(running, (ceremony) => wiping(pin, () => ceremony.submit(command, pin, typed))),
    login: (pin) => onStage(running, (ceremony) => wiping(pin, () => ceremony.login(pin))),
    sign: (command, passphrase) => onStage(running, (ceremony) => wiping(passphrase, () => ceremony.sign(command, passphrase))),
    retry: () => onStage(running, (ceremony) => ceremony.retry()),
    async leave() {
      // what leaves holds token and lock until it is closed: nothing else may begin before
      const leaving = running;
      await leaving?.close();
      if (running === leaving) running = null;
      ground.onChange(null);
      return success(null);
    },
    packs: () => listPacks(ground.evidenceFolder),
  };
}

async function onStage(
  running: RunningCeremony | null,
  body: (ceremony: RunningCeremony) => Promise<Result<CeremonyView>>,
): Promise<Result<CeremonyView>> {
  return running ? body(running) : failure('ceremony.notNow');
}

async function makeFolder(path: string): Promise<Result<null>> {
  return mkdir(path, { recursive: true, mode: 0o700 }).then(
    () => success(null),
    (error: unknown) => diskFailure(error, path),
  );
}

/** A secret lives as long as the call it came with. */
async function wiping<T>(secret: Uint8Array | null, body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } finally {
    secret?.fill(0);
  }
}

/** The script on disk is the one event 0 names, and nothing lies about that no event speaks of. */
async function goOn(packFolder: string, scriptSha256: string, events: readonly TranscriptEvent[]): Promise<Result<null>> {
  const readings = events.map(readEvent);
  const first = readings[0];
  if (!first?.ok || first.event.type !== 'opened' || first.event.data.script.sha256 !== scriptSha256) {
    return failure('file.changedUnderneath', { file: 'script.yaml' });
  }
  const artefacts = readings.flatMap((reading) =>
    reading.ok && reading.event.type === 'result' ? reading.event.data.artefacts : [],
  );
  const dropped = await dropUnreferenced(packFolder, artefacts);
  return dropped.ok ? success(null) : dropped;
}

async function profileOf(ground: StationGround, id: string): Promise<Result<{ title: string; rehearsalOnly: boolean }>> {
  if (id === NO_TOKEN.profile) return success({ title: 'no token in this ceremony', rehearsalOnly: false });
  const profiles = await loadProfiles(join(ground.resourcesFolder, 'profiles'));
  if (!profiles.ok) return profiles;
  const profile = profiles.value.find((one) => one.id === id);
  return profile
    ? success({ title: profile.title, rehearsalOnly: profile.rehearsalOnly })
    : failure('input.invalid', { profile: id });
}
