import { describe, expect, it } from 'vitest';
import { actDone } from '../../../core/ceremony/decide-act';
import type { CeremonyState } from '../../../core/ceremony/state';
import { plannedSteps } from '../../../core/ceremony/variant';
import type { ErrorCode } from '../../../core/contract/errors';
import { Engine, failed, filledInputs, scriptOf } from './engine-driver';

const script = scriptOf('xks-store');
const inputs = filledInputs(script);

/** Types of the events that follow when the act of a step fails with this code. */
function after(verb: string, code: ErrorCode): readonly string[] {
  const steps = plannedSteps(script, inputs);
  const stepIndex = steps.findIndex(({ step }) => step.do.action === 'act' && step.do.verb === verb);
  const step = steps[stepIndex]?.step.id ?? '';
  const pending = { operation: verb, attempt: 1, details: {}, step, live: true };
  const state: CeremonyState = { ...new Engine(script, inputs).state, stepIndex, pending };
  const decision = actDone(script, state, failed(state, code));
  return decision.ok ? decision.value.map(({ type }) => type) : [decision.error.code];
}

describe('an act that failed', () => {
  it.each(['proxy.pinNeeded', 'proxy.notRunning', 'proxy.loginRefused'] as const)(
    'with %s is a slip: told at the step, which is done again when somebody has started the proxy',
    (code) => {
      expect(after('proxy.start', code)).toEqual(['result']);
      expect(after('aws.createStore', code), 'nothing was asked of AWS, so nothing is in doubt').toEqual(['result']);
    },
  );

  it.each(['proxy.portTaken', 'proxy.settings', 'proxy.noSession', 'proxy.crashed', 'proxy.latchNotWritten'] as const)(
    'with %s is an exception that two people decide',
    (code) => {
      expect(after('proxy.start', code)).toEqual(['exceptionOpened', 'result']);
    },
  );

  it('without an answer is neither where it must not happen twice: people look first', () => {
    expect(after('aws.createStore', 'aws.noAnswer')).toEqual(['result']);
    expect(after('aws.connectStore', 'aws.noAnswer')).toEqual(['exceptionOpened', 'result']);
  });
});
