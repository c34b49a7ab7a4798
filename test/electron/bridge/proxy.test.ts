import { describe, expect, it } from 'vitest';
import { BRIDGE } from '../../../core/contract/bridge';
import type { ControlRequest } from '../../../core/control/contract';
import type { SupervisedProxy } from '../../../core/supervision/station-proxy';
import { proxyFunctions } from '../../../electron/bridge/proxy';
import { serving } from '../../renderer/fixtures/proxy';

/** The functions over a proxy that does nothing but remember what it was asked. */
function ground() {
  const asked: unknown[] = [];
  const hear = (request: unknown) => {
    asked.push(request);
    return Promise.resolve({ ok: true, value: { changed: [], needsRestart: [] } });
  };
  const proxy = {
    ask: (request: ControlRequest) => hear(request),
    logOut: (act: unknown) => hear({ verb: 'logout', act }),
    snapshot: () => Promise.resolve(serving),
  } as unknown as SupervisedProxy;
  const killSwitch = { kill: () => Promise.reject(new Error('is not asked')), isJustUsed: () => false };
  return { asked, functions: proxyFunctions({ proxy, killSwitch, user: 'ines\u202e' }) };
}

describe('what a page does to the proxy', () => {
  it('was done by the user of this computer, with the reason that the page has', async () => {
    const { asked, functions } = ground();
    await functions.block({ key: 'a', why: 'to\nsee' });
    await functions.unblock({ key: 'a', why: 'seen' });
    await functions.logOut({ why: '' });
    await functions.reload();
    expect(asked).toEqual([
      { verb: 'block', key: 'a', act: { who: 'ines', why: 'to see' } },
      { verb: 'unblock', key: 'a', act: { who: 'ines', why: 'seen' } },
      { verb: 'logout', act: { who: 'ines', why: '' } },
      { verb: 'reload', act: { who: 'ines', why: '' } },
    ]);
  });

  it.each(['block', 'unblock', 'logOut', 'kill'] as const)('has no word for who it was: %s', (verb) => {
    const input = verb === 'block' || verb === 'unblock' ? { key: 'a', why: 'to see' } : { why: 'to see' };
    expect(BRIDGE.proxy[verb].input.safeParse(input).success).toBe(true);
    expect(BRIDGE.proxy[verb].input.safeParse({ ...input, who: 'somebody else' }).success).toBe(false);
  });
});
