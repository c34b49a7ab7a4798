import { describe, expect, it } from 'vitest';
import { failure, success, type Failure } from '../../../../core/contract/result';
import type { ProxyStatus } from '../../../../core/contract/proxy-status';
import { outcome, type ActContext } from '../../../../core/station/acts/act';
import { withProxy } from '../../../../core/station/acts/needs-proxy';
import type { StationProxy } from '../../../../core/station/proxy-port';

const SERVING = { latch: { killed: false }, hsm: { condition: 'serving' }, health: { state: 'ACTIVE' } };
const STARTING = { latch: { killed: false }, hsm: { condition: 'starting' }, health: { state: 'UNAVAILABLE' } };
const KILLED = { latch: { killed: true }, hsm: { condition: 'killed' }, health: { state: 'UNAVAILABLE' } };

interface Moment {
  readonly standstill?: Failure;
  /** null: it does not answer */
  readonly status: unknown;
}

/** A proxy that is so at one look, then so; the last for good. */
function proxyThat(moments: readonly Moment[]): { proxy: StationProxy; looks: () => number } {
  let look = 0;
  const now = (): Moment => moments[Math.min(look, moments.length - 1)] ?? { status: null };
  const proxy = {
    standstill: () => Promise.resolve(now().standstill ?? null),
    ask: () => {
      const { status } = now();
      look += 1;
      return Promise.resolve(status === null ? failure('proxy.notRunning') : success(status as ProxyStatus));
    },
  } as unknown as StationProxy;
  return { proxy, looks: () => look };
}

async function tried(moments: readonly Moment[], place = 'here') {
  let acts = 0;
  const { proxy, looks } = proxyThat(moments);
  const state = { genesis: { data: { inputs: { place } } } };
  const act = withProxy(() => {
    acts += 1;
    return Promise.resolve(success(outcome({})));
  });
  const done = await act({ state, proxy } as unknown as ActContext);
  return { code: done.ok ? 'ok' : done.error.code, acts, looks: looks() };
}

describe('an act that needs the proxy of this station', () => {
  it('is done at once where it serves, and where it refuses because it is killed', async () => {
    expect(await tried([{ status: SERVING }])).toEqual({ code: 'ok', acts: 1, looks: 1 });
    expect(await tried([{ status: KILLED }])).toEqual({ code: 'ok', acts: 1, looks: 1 });
  });

  it('waits for one that its supervisor brings back', async () => {
    expect(await tried([{ status: null }, { status: STARTING }, { status: SERVING }])).toEqual({ code: 'ok', acts: 1, looks: 3 });
  });

  it.each(['proxy.pinNeeded', 'proxy.notRunning', 'proxy.loginRefused', 'proxy.portTaken'] as const)(
    'is not begun where %s keeps it from coming',
    async (code) => {
      const { error } = failure(code);
      expect(await tried([{ standstill: error, status: null }])).toEqual({ code, acts: 0, looks: 0 });
      expect(await tried([{ status: STARTING }, { standstill: error, status: null }])).toEqual({ code, acts: 0, looks: 1 });
    },
  );

  it('looks at no proxy of this station where the store has its proxies elsewhere', async () => {
    expect(await tried([{ standstill: failure('proxy.notRunning').error, status: null }], 'server')).toEqual({
      ...{ code: 'ok', acts: 1, looks: 0 },
    });
  });
});
