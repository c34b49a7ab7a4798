import { appendFileSync, readFileSync } from 'node:fs';
import type { TranscriptEvent } from '../../core/evidence/event';
import { Journal } from '../../core/pack/journal';
import { play } from '../../core/rehearsal/player';
import { PRACTICE } from '../../core/rehearsal/practice';
import { prepareRehearsal } from '../../core/rehearsal/rehearsal-ground';
import { openStation } from '../../core/station/station';
import { must } from './ground';

/**
 * A ceremony in a process of its own, which kills itself with SIGKILL at the first write of the journal that no run before it died at:
 * before the line is written (the act is done) or, for an intent, after it is on disk too (the act is not begun).
 */
export interface DriverArguments {
  readonly resourcesFolder: string;
  readonly tokenChild: string;
  readonly home: string;
  readonly evidence: string;
  /** '' to start a new one */
  readonly ceremonyId: string;
  /** the writes that runs before this one died at, one per line */
  readonly diedAtFile: string;
}

const { resourcesFolder, tokenChild, home, evidence, ceremonyId, diedAtFile } = JSON.parse(
  process.argv[2] ?? '{}',
) as DriverArguments;

const diedAt = new Set(readFileSync(diedAtFile, 'utf8').split('\n'));

function dieHere(moment: string): void {
  if (diedAt.has(moment)) return;
  appendFileSync(diedAtFile, `${moment}\n`);
  process.kill(process.pid, 'SIGKILL');
}

/** What makes a write one of its own: type, step, and the part of the data that tells twins apart. */
function nameOf({ type, step, data }: TranscriptEvent): string {
  const { operation, seat, item, row, entry, details } = data;
  const beside = typeof details === 'object' && details !== null && 'outOfStep' in details ? 'beside' : '';
  return [
    type,
    step,
    ...[operation, seat, item, row, entry].map((part) => (typeof part === 'string' || typeof part === 'number' ? part : '')),
    beside,
  ].join(' ');
}

const append = Object.getOwnPropertyDescriptor(Journal.prototype, 'append')?.value as Journal['append'];
Journal.prototype.append = async function (this: Journal, event) {
  dieHere(`before ${nameOf(event)}`);
  const done = await append.call(this, event);
  if (event.type === 'intent') dieHere(`after ${nameOf(event)}`);
  return done;
};

const { ground, seats } = must(
  await prepareRehearsal({ resourcesFolder, tokenChild }, { home, evidence }, { name: 'keyrite', version: '0', build: 'test' }),
);
const station = openStation(ground);
const inputs = { purpose: 'xks', keySpec: 'AES_256', keyLabel: 'sigkill-1', tokenState: 'ready' };
must(
  ceremonyId === ''
    ? await station.start({ script: 'hsm-key', runMode: 'rehearsal', inputs, seats, typed: '' })
    : await station.reopen(ceremonyId),
);
const view = must(
  await play(station, {
    passphrase: PRACTICE.passphrase,
    userPin: PRACTICE.userPin,
    soPin: PRACTICE.soPin,
    entries: { hsmSerial: must(await ground.tokenAddress({ blank: false })).serial },
  }),
);
await station.leave();
process.stdout.write(JSON.stringify({ ceremonyId: view.ceremonyId, outcome: view.outcome, exceptions: view.exceptions.length }));
