import type { Act } from '../../core/control/act';
import type { Answer } from '../../core/control/contract';
import type { Audit } from '../audit/audit';
import { within } from '../../core/control/within';
import type { Hsm } from '../hsm/port';
import type { PinAtHand } from './pin-at-hand';

export interface LogOutParts {
  readonly hsm: Pick<Hsm, 'logOut' | 'state'>;
  readonly audit: Pick<Audit, 'act'>;
  readonly pin: PinAtHand;
}

/** How long the line in the audit log is waited for, ms: it is written all the same when the log works again. */
const RECORD_MS = 250;

/** A person logs the proxy out of its token: it tightens, so it is done first and recorded afterwards. Killed or not. */
export async function logOut({ hsm, audit, pin }: LogOutParts, act: Act): Promise<Answer<'logout'>> {
  const sessions = hsm.state().sessions.ready;
  const leaving = hsm.logOut(); // nothing logs in from here on
  pin.forget();
  const { isKept } = await leaving;
  const recorded = await within(RECORD_MS, audit.act('loggedOut', { ...act, sessions, isKept }));
  return { recorded: recorded?.value === true, sessions, isKept };
}
