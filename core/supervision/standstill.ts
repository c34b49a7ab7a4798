import type { ProxyPhase } from '../contract/proxy-values';
import { failure, type Failure } from '../contract/result';

/** What is known of a proxy that may stand still. */
export interface Stand {
  readonly phase: ProxyPhase;
  readonly folder: string;
  readonly problem: Failure | null;
  readonly isSetUp: boolean;
  /** nobody but a person can give the PIN for the next start */
  readonly isPinWanted: boolean;
  /** it runs, and a person logged it out of its token */
  readonly isLoggedOut: boolean;
}

/** Why a proxy will not serve by itself; null: it runs, or is on its way. */
export function standstillOf({ phase, folder, problem, isSetUp, isPinWanted, isLoggedOut }: Stand): Failure | null {
  if (isLoggedOut) return failure('proxy.loggedOut').error;
  if (phase !== 'stopped' && phase !== 'failed') return null;
  if (!isSetUp) return failure('proxy.notSetUp', { folder }).error;
  if (phase === 'failed' && problem !== null) return problem;
  return failure(isPinWanted ? 'proxy.pinNeeded' : 'proxy.notRunning', { folder }).error;
}
