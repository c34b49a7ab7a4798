import type { CeremonyView } from '../../../core/ceremony/view-model';
import type { PersonCommand, SignCommand } from '../../../core/ceremony/command';
import type { Failure, Result } from '../../../core/contract/result';
import { useAsk } from '../../ask';
import { bridge } from '../../bridge-client';
import { receive } from '../../snapshots';
import type { Secret } from '../../parts/secret';

export interface Calls {
  readonly pending: boolean;
  readonly failure: Failure | null;
  /** Each answers whether it was accepted; what came of it is in the next view. Secrets handed in are overwritten. */
  readonly submit: (command: PersonCommand, pin?: Secret | null, typed?: string) => Promise<boolean>;
  readonly sign: (command: SignCommand, passphrase: Secret | null) => Promise<boolean>;
  readonly login: (pin: Secret | null) => Promise<boolean>;
  readonly retry: () => Promise<boolean>;
}

async function overwriting<T>(secret: Secret | null, question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } finally {
    secret?.fill(0);
  }
}

/** One form's line to the ceremony, with its own refusal to show beside it. */
export function useCalls(): Calls {
  const { pending, failure, run } = useAsk();
  const take = async (question: () => Promise<Result<CeremonyView>>): Promise<boolean> => {
    const answer = await run(question);
    if (answer !== null) receive('ceremony.changed', answer.value);
    return answer !== null;
  };
  return {
    pending,
    failure,
    submit: (command, pin = null, typed = '') =>
      overwriting(pin, () => take(() => bridge.ceremony.submit({ command, pin, typed }))),
    sign: (command, passphrase) => overwriting(passphrase, () => take(() => bridge.ceremony.sign({ command, passphrase }))),
    login: (pin) => overwriting(pin, () => take(() => bridge.ceremony.login({ pin }))),
    retry: () => take(() => bridge.ceremony.retry()),
  };
}
