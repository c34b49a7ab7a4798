import { describe, expect, it } from 'vitest';
import type { ProxySnapshot } from '../../core/contract/proxy-values';
import { failure } from '../../core/contract/result';
import { noticeOf } from '../../electron/notice';
import { status as STATUS } from '../renderer/fixtures/proxy';

type Change = Partial<Omit<ProxySnapshot, 'process' | 'latch'>> & {
  readonly process?: Partial<ProxySnapshot['process']>;
  readonly latch?: Partial<ProxySnapshot['latch']>;
};

function snapshot({ process = {}, latch = {}, ...rest }: Change = {}): ProxySnapshot {
  return {
    isSetUp: true,
    rehearsal: true,
    status: null,
    needsPin: false,
    service: 'none',
    addressesGone: [],
    machine: [],
    switches: { shortcut: '', isShortcutOn: false, hasTray: false },
    ...rest,
    process: {
      phase: 'ready',
      since: '',
      pid: 1,
      problem: null,
      lastWords: [],
      restarts: 0,
      restartLimit: 5,
      nextAt: null,
      ...process,
    },
    latch: { state: 'armed', by: '', why: '', at: '', problem: '', ...latch },
  };
}

describe('what people hear of who do not look at the window', () => {
  it('is nothing while nothing happens, and nothing of a kill of their own', () => {
    expect(noticeOf(snapshot(), snapshot(), false)).toBeNull();
    expect(noticeOf(snapshot(), snapshot({ latch: { state: 'killed' } }), true)).toBeNull();
    const killed = snapshot({ latch: { state: 'killed' } });
    expect(noticeOf(killed, killed, false)).toBeNull();
    expect(noticeOf(snapshot(), snapshot({ process: { phase: 'stopped' } }), false)).toBeNull();
  });

  it('is a kill from elsewhere, by whom and why', () => {
    const killed = snapshot({ latch: { state: 'killed', by: 'Ada', why: 'a drill' } });
    expect(noticeOf(snapshot(), killed, false)).toEqual({ title: 'The proxy was killed', body: 'Ada: a drill' });
  });

  it('is an arming, whoever did it: in a terminal one person can', () => {
    const armed = snapshot({ latch: { state: 'armed', by: 'mallory', why: 'quick' } });
    for (const state of ['killed', 'unknown'] as const) {
      const before = snapshot({ latch: { state } });
      expect(noticeOf(before, armed, true)).toEqual({ title: 'The proxy was armed: it serves again', body: 'mallory: quick' });
    }
    expect(noticeOf(armed, armed, false)).toBeNull();
  });

  it('is a log-out, once', () => {
    const logged = (loggedOut: 'no' | 'now'): ProxySnapshot =>
      snapshot({ status: { ...STATUS, hsm: { ...STATUS.hsm, loggedOut } } });
    expect(noticeOf(logged('no'), logged('now'), false)?.title).toBe('The proxy was logged out of its token');
    expect(noticeOf(logged('now'), logged('now'), false)).toBeNull();
    expect(noticeOf(logged('now'), logged('no'), false)).toBeNull();
  });

  it('is a crash, once, and the end of all tries with its reason', () => {
    const crashed = snapshot({ process: { restarts: 1 } });
    expect(noticeOf(snapshot(), crashed, false)?.title).toMatch(/started again/);
    expect(noticeOf(crashed, crashed, false)).toBeNull();
    const { error } = failure('proxy.portTaken');
    const failed = snapshot({ process: { phase: 'failed', problem: error } });
    expect(noticeOf(snapshot(), failed, false)).toMatchObject({ body: 'The proxy cannot listen on its address.' });
  });

  it('is that the proxy of somebody else is gone', () => {
    const attached = snapshot({ process: { phase: 'attached' } });
    expect(noticeOf(attached, snapshot({ process: { phase: 'stopped' } }), false)?.title).toMatch(/has ended/);
  });

  it('is what the machine under a running proxy went through, once: a sleep, a clock that was set, an address that is gone', () => {
    const slept = { what: 'stoodStill', at: '2026-11-22T10:09:00.000Z', from: '2026-11-22T10:02:00.000Z' } as const;
    const set = { what: 'clockSet', at: '2026-11-22T10:10:00.000Z', byMs: -600_000 } as const;
    const moved = { what: 'addresses', at: '2026-11-22T10:11:00.000Z', gone: ['10.8.0.4'], come: [] } as const;
    expect(noticeOf(snapshot(), snapshot({ machine: [slept] }), false)).toMatchObject({
      title: 'This machine slept or stood still',
      body: expect.stringContaining('from 10:02:00 to 10:09:00 UTC'),
    });
    expect(noticeOf(snapshot({ machine: [slept] }), snapshot({ machine: [slept] }), false)).toBeNull();
    expect(noticeOf(snapshot({ machine: [slept] }), snapshot({ machine: [set, slept] }), false)?.title).toBe(
      'The clock of this machine went back by 600 s',
    );
    expect(noticeOf(snapshot(), snapshot({ machine: [moved] }), false)).toBeNull();
    const without = snapshot({ machine: [moved], addressesGone: ['10.8.0.4'] });
    expect(noticeOf(snapshot(), without, false)?.title).toContain('has lost the address 10.8.0.4');
    expect(noticeOf(without, without, false)).toBeNull();
    const stopped = { process: { phase: 'stopped' } } as const;
    expect(noticeOf(snapshot(stopped), snapshot({ ...stopped, machine: [slept] }), false)).toBeNull();
  });
});
