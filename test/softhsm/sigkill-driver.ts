import { Journal } from '../../core/pack/journal';
import { play } from '../../core/rehearsal/player';
import { PRACTICE } from '../../core/rehearsal/practice';
import { prepareRehearsal } from '../../core/rehearsal/rehearsal-ground';
import { openStation } from '../../core/station/station';
import { must } from './ground';

/**
 * A whole ceremony in a process of its own, which kills itself with SIGKILL at a chosen write of the journal: before the line is
 * written (the act is done) or after it is on disk (the act is not begun). Arguments, as JSON: see `DriverArguments`.
 */
export interface DriverArguments {
  readonly resourcesFolder: string;
  readonly tokenChild: string;
  readonly home: string;
  readonly evidence: string;
  /** '' to start a new one */
  readonly ceremonyId: string;
  readonly killAt: number;
  readonly when: 'before' | 'after';
}

const { resourcesFolder, tokenChild, home, evidence, ceremonyId, killAt, when } = JSON.parse(
  process.argv[2] ?? '{}',
) as DriverArguments;

let writes = 0;
const append = Object.getOwnPropertyDescriptor(Journal.prototype, 'append')?.value as Journal['append'];
Journal.prototype.append = async function (this: Journal, event) {
  writes += 1;
  const last = writes === killAt;
  if (last && when === 'before') process.kill(process.pid, 'SIGKILL');
  const done = await append.call(this, event);
  if (last) process.kill(process.pid, 'SIGKILL');
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
const view = must(await play(station, { passphrase: PRACTICE.passphrase, userPin: PRACTICE.userPin, soPin: PRACTICE.soPin }));
await station.leave();
process.stdout.write(JSON.stringify({ ceremonyId: view.ceremonyId, outcome: view.outcome, exceptions: view.exceptions.length }));
