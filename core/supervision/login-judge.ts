import { failure, type Result } from '../contract/result';
import { isRefused, type Supervisor } from './supervisor';

/** Decides what a refused PIN, or a log-out by a person, means for the process that says so. */
export interface LoginJudge {
  /** to be asked after every change */
  readonly judge: () => void;
  /** A person gives the PIN, or says to try again, for the process that is started next. */
  readonly expectFresh: () => void;
  /** Nobody did. */
  readonly expectNone: () => void;
  /** The running process is about to be told, or was told, to try a PIN that a person gave. */
  readonly isTryingFresh: () => boolean;
}

/**
 * A wrong PIN is tried once: the process that says so is ended before anything lets it, or its next one, try again. A refusal that
 * lies on disk from before is another matter where a person has just given another PIN: then the process is told to try. So is a
 * log-out from before; after one of this very process, however it came about, the PIN is forgotten here as well.
 * @param retry tells the running process that a person acted
 */
export function loginJudge(supervisor: () => Supervisor, retry: () => Promise<Result<unknown>>): LoginJudge {
  /** the processes, by their number, whose PIN is fresh, and that were told to forget an old refusal */
  let freshFor = 0;
  let forgiving = 0;

  function refuse(problem: string): void {
    supervisor().handle({ what: 'loginRefused', problem: failure('proxy.loginRefused', { problem }).error });
  }

  async function forgive(): Promise<void> {
    const { starts } = supervisor();
    freshFor = 0;
    forgiving = starts;
    const done = await retry();
    if (!done.ok && supervisor().starts === starts) refuse(done.error.code);
  }

  return {
    judge: () => {
      const { status, phase, starts } = supervisor();
      if (status === null || phase !== 'ready') return;
      // also of one that had sessions before, and goes on without: the refused PIN is of no use to its next process either
      if (status.hsm.condition === 'loginRefused' && status.hsm.counts.loginsRefused > 0) supervisor().pin.forget();
      if (status.hsm.loggedOut === 'now') {
        freshFor = 0;
        supervisor().pin.forget();
      }
      if (status.hsm.loggedOut === 'before' && freshFor === starts) void forgive();
      if (status.hsm.loggedOut !== 'no') return;
      const refused = isRefused(status);
      if (refused === 'no' || (refused === 'before' && forgiving === starts)) return;
      if (refused === 'before' && freshFor === starts) void forgive();
      else refuse(status.hsm.problem);
    },
    expectFresh: () => {
      freshFor = supervisor().starts + 1;
    },
    expectNone: () => {
      freshFor = 0;
    },
    isTryingFresh: () => [freshFor, forgiving].includes(supervisor().starts),
  };
}
