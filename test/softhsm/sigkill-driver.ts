import { appendFileSync, readFileSync } from 'node:fs';
import { neededSeats, type Inputs } from '../../core/ceremony/variant';
import type { CeremonyView } from '../../core/ceremony/view-model';
import type { TranscriptEvent } from '../../core/evidence/event';
import { Journal } from '../../core/pack/journal';
import { play, type Cast } from '../../core/rehearsal/player';
import { PRACTICE } from '../../core/rehearsal/practice';
import { prepareRehearsal } from '../../core/rehearsal/rehearsal-ground';
import { findScript } from '../../core/station/library';
import { openStation } from '../../core/station/station';
import { bytes, must } from './ground';

/**
 * A ceremony in a process of its own, which kills itself with SIGKILL at the first write of the journal that no run before it died at:
 * before the line is written (the act is done) or, for an intent, after it is on disk too (the act is not begun).
 */
export interface DriverArguments {
  readonly resourcesFolder: string;
  readonly tokenChild: string;
  /** '' for a station without a proxy */
  readonly proxyChild: string;
  readonly home: string;
  readonly evidence: string;
  readonly script: string;
  readonly inputs: Inputs;
  /** '' to start a new one */
  readonly ceremonyId: string;
  /** the writes that runs before this one died at, one per line */
  readonly diedAtFile: string;
  /** types of events at whose writes nobody dies; `before intent`: not before one; `beside`: not in logins and reconnections out of step */
  readonly spared: readonly string[];
  /** the only moments to die at, such as `before result proxy.start` or `after intent proxy.start`; null: all that are not spared */
  readonly chosen: readonly string[] | null;
}

const facts = JSON.parse(process.argv[2] ?? '{}') as DriverArguments;
const { resourcesFolder, tokenChild, proxyChild, home, evidence, script, inputs, ceremonyId, diedAtFile, spared } = facts;

const diedAt = new Set(readFileSync(diedAtFile, 'utf8').split('\n'));

function dieHere(when: 'before' | 'after', event: TranscriptEvent): void {
  const moment = `${when} ${nameOf(event)}`;
  const { operation, ok } = event.data;
  // what failed has done nothing that could be lost
  const name = ok === false ? '' : `${when} ${event.type} ${typeof operation === 'string' ? operation : ''}`;
  const isChosen = facts.chosen?.includes(name) ?? true;
  if (!isChosen || diedAt.has(moment)) return;
  appendFileSync(diedAtFile, `${moment}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** What makes a write one of its own: type, step, and the part of the data that tells twins apart. */
function nameOf({ type, step, data }: TranscriptEvent): string {
  const { operation, seat, item, row, entry, details, ok } = data;
  const beside = typeof details === 'object' && details !== null && 'outOfStep' in details ? 'beside' : '';
  return [
    type,
    step,
    ...[operation, seat, item, row, entry].map((part) => (typeof part === 'string' || typeof part === 'number' ? part : '')),
    beside,
    ok === false ? 'failed' : '',
  ].join(' ');
}

let isBeside = false;

const append = Object.getOwnPropertyDescriptor(Journal.prototype, 'append')?.value as Journal['append'];
Journal.prototype.append = async function (this: Journal, event) {
  const { type, data } = event;
  if (type === 'intent') isBeside = (data['details'] as Record<string, unknown>)['outOfStep'] === true;
  const isSpared = spared.includes(type) || (isBeside && /^(intent|result)$/.test(type) && spared.includes('beside'));
  if (!isSpared && !spared.includes(`before ${type}`)) dieHere('before', event);
  const done = await append.call(this, event);
  if (type === 'intent' && !isSpared) dieHere('after', event);
  return done;
};

const places = { resourcesFolder, tokenChild, ...(proxyChild !== '' && { proxyChild }) };
const prepared = must(await prepareRehearsal(places, { home, evidence }, { name: 'keyrite', version: '0', build: 'test' }));
const { ground } = prepared;
const station = openStation(ground);
const found = must(await findScript(resourcesFolder, script));
const seats = Object.fromEntries(neededSeats(found.script, inputs).map((seat) => [seat, prepared.seats[seat] ?? '']));
must(
  ceremonyId === ''
    ? await station.start({ script, runMode: 'rehearsal', inputs, seats, typed: '' })
    : await station.reopen(ceremonyId),
);
const serial = must(await ground.tokenAddress({ blank: false })).serial;
const cast: Cast = {
  passphrase: PRACTICE.passphrase,
  userPin: PRACTICE.userPin,
  soPin: PRACTICE.soPin,
  entries: { hsmSerial: serial, expiry: 'never', owner: 'none', datesOwner: 'Olga Owner' },
};

/** A person plays it; where it asks for the proxy, which ended with the program before, starts that with its PIN and goes on. */
async function played(): Promise<CeremonyView> {
  const view = await play(station, cast);
  if (view.ok || view.error.code !== 'proxy.pinNeeded' || ground.proxy === null) return must(view);
  appendFileSync(diedAtFile, 'the PIN was asked for\n');
  must(await ground.proxy.start(bytes(PRACTICE.userPin)));
  return played();
}

const view = await played();
await station.leave();
await prepared.close();
process.stdout.write(JSON.stringify({ ceremonyId: view.ceremonyId, outcome: view.outcome, exceptions: view.exceptions.length }));
