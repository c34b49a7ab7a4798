import { randomBytes } from 'node:crypto';
import { draft } from '../ceremony/events';
import type { Participant } from '../ceremony/events';
import { unfitInput } from '../ceremony/inputs';
import type { Script } from '../ceremony/script';
import { findConflict } from '../ceremony/seating';
import { allSeats, neededSeats, ruledOut } from '../ceremony/variant';
import { PRODUCTION_WORD } from '../contract/fixed-words';
import { failure, success, type Failure, type Result } from '../contract/result';
import type { OfficerSummary } from '../contract/values';
import type { EventDraft } from '../evidence/event';
import type { OfficerRegistry } from '../officers/registry';
import type { TokenAddress } from '../pkcs11/port';
import { whyNotOffline } from './acts/network';
import type { LibraryScript } from './library';
import type { StartRequest, StationGround } from './port';

/** Everything is checked before a folder is made: inputs, the place, seats, conflicts, the word for production. */
export async function checkStart(
  library: LibraryScript,
  request: StartRequest,
  officers: OfficerRegistry,
  station: ReturnType<StationGround['stationIdentity']>,
): Promise<Result<readonly Participant[]>> {
  const { script } = library;
  if (request.runMode === 'production' && request.typed !== PRODUCTION_WORD)
    return failure('input.invalid', { field: 'typed', wanted: PRODUCTION_WORD });
  const inputs = checkInputs(script, request);
  if (inputs) return { ok: false, error: inputs };
  const because = request.runMode === 'production' && request.inputs['leg'] === 'offline' ? whyNotOffline(station) : null;
  if (because !== null) return failure('policy.illegalCombination', { because });
  const participants = await seat(script, request, officers);
  if (!participants.ok) return participants;
  const conflict = findConflict(script, participants.value);
  return conflict ? failure('policy.roleConflict', { ...conflict }) : participants;
}

function checkInputs(script: Script, { inputs, runMode }: StartRequest): Failure | null {
  const unfit = unfitInput(script, inputs);
  if (unfit !== null)
    return Object.hasOwn(script.inputs, unfit.name)
      ? failure('input.pattern', { field: unfit.name, hint: unfit.hint }).error
      : failure('input.invalid', { field: unfit.name }).error;
  const because = ruledOut(script, inputs, runMode);
  return because === null ? null : failure('policy.illegalCombination', { because }).error;
}

async function seat(script: Script, request: StartRequest, officers: OfficerRegistry): Promise<Result<readonly Participant[]>> {
  const missing = neededSeats(script, request.inputs).filter((name) => !(name in request.seats));
  if (missing.length > 0) return failure('ceremony.roleUnfilled', { seats: missing.join(', ') });
  const participants: Participant[] = [];
  for (const { seat: name, role } of allSeats(script)) {
    const id = request.seats[name];
    if (id === undefined) continue;
    const officer = await officers.find(id);
    if (!officer.ok) return officer;
    if (request.runMode === 'production' && officer.value.rehearsal)
      return failure('policy.rehearsalOnly', { what: officer.value.name });
    participants.push(participant(name, role, officer.value));
  }
  if (participants.length !== Object.keys(request.seats).length) return failure('input.invalid', { field: 'seats' });
  return success(participants);
}

function participant(seatName: string, role: string, { id, name, publicKey }: OfficerSummary): Participant {
  return { seat: seatName, role, officer: id, name, publicKey };
}

/** Unique, sortable, and a folder name: script, UTC date and time, four random digits. */
export function newCeremonyId(scriptId: string, now: Date): string {
  const [date = '', time = ''] = now.toISOString().slice(0, 19).split('T');
  return `${scriptId}-${date.replaceAll('-', '')}-${time.replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}

/** Event 0. */
export function openingEvent(
  ground: StationGround,
  library: LibraryScript,
  request: StartRequest,
  facts: { readonly ceremonyId: string; readonly participants: readonly Participant[]; readonly token: TokenAddress },
): EventDraft {
  const { profile, modulePath, serial, label } = facts.token;
  const administrator = facts.participants.find((one) => one.seat === 'CA');
  return draft(
    'opened',
    { step: '', role: administrator?.seat ?? '', actor: administrator?.name ?? '' },
    {
      format: 'keyrite-transcript-1',
      ceremonyId: facts.ceremonyId,
      runMode: request.runMode,
      script: { id: library.script.id, title: library.script.title, sha256: library.sha256 },
      tool: { ...ground.tool },
      station: { ...ground.stationIdentity() },
      token: { profile, modulePath, serial, label },
      inputs: { ...request.inputs },
      participants: [...facts.participants],
    },
  );
}
