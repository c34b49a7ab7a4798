import { describe, expect, it } from 'vitest';
import { logOut, type LogOutParts } from '../../../proxy/run/log-out';
import { PinAtHand } from '../../../proxy/run/pin-at-hand';
import { servingHsm } from '../hsm-state';

const ADA = { who: 'ada', why: 'the card is gone' };

function ground(changes: Partial<LogOutParts> = {}) {
  const log: unknown[] = [];
  const bytes = Buffer.from('10203040');
  const pin = new PinAtHand({ bytes, changedAt: 1 });
  const parts: LogOutParts = {
    pin,
    hsm: {
      state: () => servingHsm(),
      logOut: async () => {
        log.push(['logs out', pin.isForgotten]);
        return { isKept: true };
      },
    },
    audit: { act: async (type, data) => Boolean(log.push([type, data])) },
    ...changes,
  };
  return { parts, log, bytes };
}

describe('a person who logs the proxy out', () => {
  it('has its sessions ended first and the PIN overwritten, then a line with who and why', async () => {
    const { parts, log, bytes } = ground();
    expect(await logOut(parts, ADA)).toEqual({ recorded: true, sessions: 4, isKept: true });
    expect(log).toEqual([
      ['logs out', false],
      ['loggedOut', { ...ADA, sessions: 4, isKept: true }],
    ]);
    expect([...bytes].every((byte) => byte === 0)).toBe(true);
  });

  it('is answered although the audit log never writes, and told so', async () => {
    const { parts } = ground({ audit: { act: () => new Promise<boolean>(() => undefined) } });
    expect(await logOut(parts, ADA)).toMatchObject({ recorded: false, isKept: true });
  });
});
