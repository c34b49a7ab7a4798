import { describe, expect, it } from 'vitest';
import { loginAgain, type LoginParts } from '../../../proxy/run/login-again';
import { PinAtHand } from '../../../proxy/run/pin-at-hand';
import type { HsmState } from '../../../proxy/hsm/port';
import { openLatch } from '../../../proxy/latch';
import { servingHsm } from '../hsm-state';
import { MemoryDisk } from '../latch/memory-disk';

const ADA = { who: 'ada', why: 'the PIN was changed' };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function ground(load: LoginParts['load'], loggedOut: HsmState['loggedOut'] = 'no') {
  const log: string[] = [];
  const out = { times: 0 };
  const pin = new PinAtHand({ bytes: bytes('refused'), changedAt: 1 });
  const latch = await openLatch('/memory', { hasHistory: false, now: () => 0, disk: new MemoryDisk() });
  const parts: LoginParts = {
    latch,
    pin,
    load,
    hsm: {
      state: () => servingHsm({ loggedOut }),
      logOuts: () => out.times,
      retryLogin: () => void log.push(`tries ${new TextDecoder().decode(pin.copy())}`),
    },
    audit: { act: async (type) => Boolean(log.push(type)) },
  };
  return { parts, latch, pin, log, out };
}

describe('a person who says that the login is to be tried again', () => {
  it('has the PIN read anew and tried', async () => {
    const { parts, log, pin } = await ground(async () => ({ ok: true, value: { bytes: bytes('new'), changedAt: 2 } }));
    expect(await loginAgain(parts, ADA, null)).toEqual({ ok: true, value: { recorded: true } });
    expect(log).toEqual(['loginRetried', 'tries new']);
    expect(pin.changedAt).toBe(2);
  });

  it('does not have the refused PIN tried once more where the new one cannot be read', async () => {
    const remark = { severity: 'error', key: 'hsm.pin', problem: '/etc/pin does not exist', remedy: 'Make it.' } as const;
    const { parts, log } = await ground(async () => ({ ok: false, remarks: [remark] }));
    expect(await loginAgain(parts, ADA, null)).toMatchObject({
      error: { code: 'proxy.pinNotRead', detail: { problem: expect.stringContaining('/etc/pin does not exist') } },
    });
    expect(log).toEqual([]);
  });

  it('has the PIN tried that is given, and the source of the other stays as old as it is', async () => {
    const { parts, log, pin } = await ground(() => Promise.reject(new Error('is not read')));
    await loginAgain(parts, ADA, bytes('given'));
    expect(log).toEqual(['loginRetried', 'tries given']);
    expect(pin.changedAt).toBe(1);
  });

  it('has the PIN at hand tried where its source gives it only once', async () => {
    const { parts, log } = await ground(null);
    await loginAgain(parts, ADA, null);
    expect(log).toEqual(['loginRetried', 'tries refused']);
  });

  it('has the PIN ready for the arming where a person logged the killed proxy out', async () => {
    const { parts, latch, log } = await ground(null, 'now');
    parts.pin.forget();
    await latch.kill(ADA);
    expect(await loginAgain(parts, ADA, null)).toMatchObject({ error: { code: 'proxy.pinNeeded' } });
    expect(log).toEqual([]);
    expect((await loginAgain(parts, ADA, bytes('given'))).ok).toBe(true);
    expect(log).toEqual(['loginRetried', 'tries given']);
  });

  it.each(['no', 'now'] as const)(
    'has nothing tried where somebody logged out while the PIN was read (logged out: %s)',
    async (before) => {
      const read = bytes('new');
      const { parts, log, pin, out } = await ground(async () => {
        out.times += 1;
        pin.forget();
        return { ok: true, value: { bytes: read, changedAt: 2 } };
      }, before);
      expect(await loginAgain(parts, ADA, null)).toMatchObject({ error: { code: 'proxy.overtaken' } });
      expect(log).toEqual([]);
      expect(pin.isForgotten).toBe(true);
      expect(read).toEqual(new Uint8Array(3));
    },
  );

  it('has nothing tried where somebody logged out while its line was on its way to the disk', async () => {
    const { parts, log, pin, out } = await ground(null);
    const audit: LoginParts['audit'] = {
      act: async () => {
        out.times += 1;
        pin.forget();
        return true;
      },
    };
    expect(await loginAgain({ ...parts, audit }, ADA, bytes('given'))).toMatchObject({ error: { code: 'proxy.overtaken' } });
    expect(log).toEqual([]);
    expect(pin.isForgotten).toBe(true);
  });

  it('has nothing tried while the proxy is killed', async () => {
    const { parts, latch, log } = await ground(null);
    await latch.kill(ADA);
    expect(await loginAgain(parts, ADA, null)).toMatchObject({ error: { code: 'proxy.killed' } });
    expect(log).toEqual([]);
  });
});
