import { policyTrialAnswer, type PolicyTrialOrder } from '../core/contract/policy-trial';
import type { PolicyTrial } from '../core/contract/proxy-policy';
import { failure, success, type Result } from '../core/contract/result';
import type { ProxyChild } from '../core/supervision/launch';

/** Longer than the process gives itself, so that what it found until then is told, ms. */
const PATIENCE_MS = 40_000;

export interface PolicyTrials {
  /** A new trial ends the one under way, which answers `input.cancelled`. */
  readonly run: (order: PolicyTrialOrder) => Promise<Result<PolicyTrial>>;
  readonly stop: () => void;
}

/** Tries policies, each in a process of its own that ends with its answer; one at a time. */
export function openPolicyTrials(launch: () => ProxyChild, patienceMs: number = PATIENCE_MS): PolicyTrials {
  let stop = (): void => undefined;

  function run(order: PolicyTrialOrder): Promise<Result<PolicyTrial>> {
    stop();
    return new Promise((resolve) => {
      const child = launch();
      let isOver = false;
      const end = (result: Result<PolicyTrial>): void => {
        if (isOver) return;
        isOver = true;
        clearTimeout(timer);
        child.end();
        resolve(result);
      };
      const timer = setTimeout(() => {
        end(failure('proxy.trialGivenUp', { why: 'timeout' }));
      }, patienceMs);
      stop = () => {
        end(failure('input.cancelled'));
      };
      child.onMessage((message) => {
        const answer = policyTrialAnswer.safeParse(message);
        end(answer.success ? success(answer.data) : failure('proxy.trialGivenUp', { why: 'answer' }));
      });
      child.onExit((_, why) => {
        end(failure('proxy.trialGivenUp', { why }));
      });
      child.post(order);
    });
  }

  return {
    run,
    stop: () => {
      stop();
    },
  };
}
