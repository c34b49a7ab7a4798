import type { Act } from '../../core/control/act';
import type { Answer } from '../../core/control/contract';
import { failure, success, type Result } from '../../core/contract/result';
import type { Audit } from '../audit/audit';
import type { Hsm } from '../hsm/port';
import type { Latch } from '../latch';
import { describeRemarks } from '../settings/describe';
import type { PinAtHand } from './pin-at-hand';
import type { Loaded, Pin } from './secrets-at-hand';

export interface LoginParts {
  readonly latch: Pick<Latch, 'state'>;
  readonly hsm: Pick<Hsm, 'retryLogin' | 'state' | 'logOuts'>;
  readonly audit: Pick<Audit, 'act'>;
  readonly pin: PinAtHand;
  /** reads the PIN again, from where the settings say; null: its source gives it only once, so the one at hand is the one there is */
  readonly load: (() => Promise<Loaded<Pin>>) | null;
}

/**
 * A person says: try the PIN again, or this one. Where it is killed there is nothing to try, unless a person logged it out: then the
 * PIN is for the login that comes with arming. Nothing is tried where the PIN cannot be read: the one at hand is the one that was
 * refused, and the next refusal may lock the token. Nor where somebody logged out while this was on its way: the log-out counts
 * (`proxy.overtaken`).
 * @param given overwritten by the caller; null: the one of the settings
 */
export async function loginAgain(parts: LoginParts, act: Act, given: Uint8Array | null): Promise<Result<Answer<'login'>>> {
  const { latch, hsm, audit, pin } = parts;
  const logOuts = hsm.logOuts();
  if (latch.state().killed && hsm.state().loggedOut === 'no') return failure('proxy.killed');
  if (given === null && parts.load === null && pin.isForgotten) return failure('proxy.pinNeeded');
  const found = given === null && parts.load !== null ? await parts.load() : null;
  if (found?.ok === false) return failure('proxy.pinNotRead', { problem: describeRemarks(found.remarks, false) });
  if (hsm.logOuts() !== logOuts) {
    found?.value.bytes.fill(0);
    return failure('proxy.overtaken');
  }
  if (found !== null) pin.replace(found.value);
  // A refusal of this one says nothing about the one in the settings, which is as it was.
  if (given !== null) pin.replace({ bytes: new Uint8Array(given), changedAt: pin.changedAt });
  const recorded = await audit.act('loginRetried', { ...act, anotherPin: given !== null });
  // whoever logged out meanwhile had the PIN forgotten
  if (hsm.logOuts() !== logOuts) return failure('proxy.overtaken');
  hsm.retryLogin(null);
  return success({ recorded });
}
