import { describe, expect, it } from 'vitest';
import { failure } from '../../../core/contract/result';
import { standstillOf, type Stand } from '../../../core/supervision/standstill';

const AT_REST: Stand = {
  phase: 'stopped',
  folder: '/proxy',
  problem: null,
  isSetUp: true,
  isPinWanted: false,
  isLoggedOut: false,
};
const codeOf = (stand: Partial<Stand>): string | null => standstillOf({ ...AT_REST, ...stand })?.code ?? null;

describe('why a proxy stands still', () => {
  it.each(['starting', 'ready', 'unresponsive', 'waiting', 'stopping', 'attached'] as const)(
    'is nothing while it is %s: it runs, or is on its way',
    (phase) => {
      expect(codeOf({ phase, isPinWanted: true })).toBeNull();
    },
  );

  it('is the PIN where only a person can give it, and nothing else where it could be started', () => {
    expect(codeOf({ isPinWanted: true })).toBe('proxy.pinNeeded');
    expect(codeOf({})).toBe('proxy.notRunning');
    expect(codeOf({ isSetUp: false, isPinWanted: true })).toBe('proxy.notSetUp');
  });

  it('is a log-out, whatever runs', () => {
    expect(codeOf({ phase: 'ready', isLoggedOut: true })).toBe('proxy.loggedOut');
  });

  it('is what ended it, where something did', () => {
    const { error: problem } = failure('proxy.loginRefused');
    expect(codeOf({ phase: 'failed', problem, isPinWanted: true })).toBe('proxy.loginRefused');
    expect(codeOf({ phase: 'failed', isPinWanted: true })).toBe('proxy.pinNeeded');
  });
});
