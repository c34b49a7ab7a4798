import type { Act } from '../../core/control/act';
import type { Answer } from '../../core/control/contract';
import { failure, success, type Result } from '../../core/contract/result';
import type { Audit } from '../audit/audit';
import type { Hsm } from '../hsm/port';
import type { Latch } from '../latch';
import type { ControlHandlers } from './handlers';
import { within } from '../../core/control/within';

/** What the acts of people on latch and blocks need. */
export interface ActParts {
  readonly latch: Latch;
  readonly hsm: Pick<Hsm, 'kill' | 'arm' | 'blocksChanged' | 'state'>;
  readonly audit: Pick<Audit, 'act'>;
  /** does a key store of the settings name this key? */
  readonly isConfigured: (key: string) => boolean;
}

/** The HSM's side of a kill is to be done after 50 ms; nobody waits longer than this to hear that it is killed, ms. */
const STOP_MS = 250;
/** The same for its line in the audit log, ms: it is written all the same when the log works again. */
const RECORD_MS = 250;

const OVERTAKEN: Result<null> = failure('proxy.overtaken');

type Acts = Pick<ControlHandlers, 'kill' | 'arm' | 'block' | 'unblock'>;

/**
 * Kill, arm, block and unblock in the right order. What tightens is done first and recorded afterwards. What loosens is recorded
 * first (`arming`, `unblocking`), and not done where it cannot be, or where somebody tightened while that line was on its way to the
 * disk: they were told that it is killed, and it has to stay so. A second line says how it ended.
 */
export function controlActs(parts: ActParts): Acts {
  return {
    kill: (act) => kill(parts, act),
    arm: (act, kills) => arm(parts, act, kills),
    block: (key, act) => block(parts, key, act),
    unblock: (key, act) => unblock(parts, key, act),
  };
}

async function kill({ latch, hsm, audit }: ActParts, act: Act): Promise<Answer<'kill'>> {
  const began = performance.now();
  const sessions = hsm.state().sessions.ready;
  const writing = latch.kill(act); // killed from here on
  const stopping = within(STOP_MS, hsm.kill());
  const [written, stopped] = await Promise.all([writing, stopping]);
  const errno = written.ok ? '' : String(written.error.detail['errno'] ?? written.error.code);
  const isStopped = stopped?.value === true;
  const { restart } = latch.state();
  // the line is written when the disk has taken the latch: how much later than the kill itself, it says
  const line = { ...act, restart, stopped: isStopped, errno, tookMs: since(began) };
  const recorded = await within(RECORD_MS, audit.act('killed', line));
  return {
    pid: process.pid,
    restart,
    problem: errno === '' ? '' : `the latch file could not be written (${errno})`,
    stopped: isStopped,
    sessions,
    recorded: recorded?.value === true,
    tookMs: since(began),
  };
}

/** Milliseconds with three decimals. */
function since(began: number): number {
  return Math.round((performance.now() - began) * 1000) / 1000;
}

async function arm({ latch, hsm, audit }: ActParts, act: Act, seen?: number): Promise<Result<Answer<'arm'>>> {
  const { problem } = latch.state();
  const kills = latch.tightened(null);
  // whoever arms looked at the latch before: a kill since then is one that nobody decided to undo
  if (seen !== undefined && seen !== kills) return failure('proxy.overtaken');
  if (!(await audit.act('arming', { ...act, problem }))) return failure('proxy.auditNotWritten');
  const done = latch.tightened(null) === kills ? await latch.arm(act) : OVERTAKEN;
  if (done.ok && !latch.state().killed) hsm.arm(); // a kill may have come in the moment between
  const recorded = await audit.act(done.ok ? 'armed' : 'notArmed', { ...act, code: done.ok ? '' : done.error.code });
  return done.ok ? success({ recorded, problem }) : done;
}

async function block({ latch, hsm, audit, isConfigured }: ActParts, key: string, act: Act): Promise<Result<Answer<'block'>>> {
  const blocking = latch.block(key, act); // blocked from here on
  hsm.blocksChanged();
  const done = await blocking;
  const recorded = await audit.act('blocked', { ...act, key, code: done.ok ? '' : done.error.code });
  return done.ok ? success({ recorded, isConfigured: isConfigured(key) }) : done;
}

async function unblock({ latch, hsm, audit, isConfigured }: ActParts, key: string, act: Act): Promise<Result<Answer<'unblock'>>> {
  const blockings = latch.tightened(key);
  if (!(await audit.act('unblocking', { ...act, key }))) return failure('proxy.auditNotWritten');
  const done = latch.tightened(key) === blockings ? await latch.unblock(key) : OVERTAKEN;
  if (done.ok) hsm.blocksChanged();
  const recorded = await audit.act(done.ok ? 'unblocked' : 'notUnblocked', { ...act, key, code: done.ok ? '' : done.error.code });
  return done.ok ? success({ recorded, isConfigured: isConfigured(key) }) : done;
}
