import { describe, expect, it } from 'vitest';
import { success, type Result } from '../../../core/contract/result';
import { PinHolder } from '../../../core/supervision/pin-holder';
import type { Supervisor } from '../../../core/supervision/supervisor';
import { tokenLogin } from '../../../core/supervision/token-login';

const ACT = { who: 'ada', why: 'the card is gone' };

describe('a log-out of a supervised proxy while a login is on its way', () => {
  it('counts: the PIN is not kept for the next crash, and whoever logs in is told', async () => {
    const asked: string[] = [];
    const pin = new PinHolder();
    let answerLogin: (answer: Result<unknown>) => void = () => undefined;
    const supervisor = {
      ...{ pin, isAlive: true, phase: 'ready' },
      ask: ({ verb }: { readonly verb: string }) => {
        asked.push(verb);
        if (verb === 'login') return new Promise((resolve) => (answerLogin = resolve));
        return Promise.resolve(success({ recorded: true, sessions: 4, isKept: true }));
      },
    } as unknown as Supervisor;
    const token = tokenLogin({
      supervisor,
      askThem: () => Promise.reject(new Error('is not asked')),
      look: async () => undefined,
      glance: async () => null,
      practicePinFor: () => null,
      isPinWanted: () => false,
      stop: () => Promise.reject(new Error('is not stopped')),
    });
    const given = new TextEncoder().encode('10203040');
    const login = token.login(ACT, given);
    await Promise.resolve();
    const logOut = token.logOut(ACT);
    answerLogin(success({ recorded: true }));
    expect(await login).toMatchObject({ error: { code: 'proxy.overtaken' } });
    expect(await logOut).toMatchObject({ ok: true });
    expect(asked).toEqual(['login', 'logout']);
    expect(pin.isEmpty).toBe(true);
    expect(given).toEqual(new Uint8Array(8));
  });
});
