import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { defaultInputs } from '../../../core/ceremony/variant';
import { PRODUCTION_WORD } from '../../../core/contract/fixed-words';
import { networkCheck } from '../../../core/station/acts/network';
import { findScript } from '../../../core/station/library';
import { openStation } from '../../../core/station/station';
import { play } from '../../../core/rehearsal/player';
import { CAST, RESOURCES, stage, value, type Stage } from './stage';

const up = vi.hoisted(() => ({ now: {} }));
vi.mock('node:os', async (original) => ({ ...(await original<Record<string, unknown>>()), networkInterfaces: () => up.now }));

const WIRED = { lo: [{ internal: true }], eth0: [{ internal: false }] };
const QUIET = { lo: [{ internal: true }] };

let s: Stage;
beforeEach(async () => {
  s = await stage();
});
afterEach(() => s.done());

/** The offline half of an import at this kind of station; seats as a production would have them are not asked for yet. */
async function offlineHalf(kind: 'online' | 'offline', runMode: 'rehearsal' | 'production') {
  const station = openStation({ ...s.ground, stationIdentity: () => ({ id: 'cellar-1', kind }) });
  const { script } = value(await findScript(RESOURCES, 'byok'));
  const own = { awsAccount: '111122223333', awsPrincipal: 'arn:aws:iam::111122223333:role/keys', alias: 'alias/payments' };
  const inputs = { ...defaultInputs(script), leg: 'offline', ...(runMode === 'production' && own) };
  const typed = runMode === 'production' ? PRODUCTION_WORD : '';
  return { station, started: await station.start({ ...s.request, script: 'byok', inputs, runMode, typed }) };
}

describe('a station that is declared offline', () => {
  it('is where the half with the HSM runs in production, and nowhere else', async () => {
    up.now = QUIET;
    const { started } = await offlineHalf('online', 'production');
    expect(started).toMatchObject({
      error: { code: 'policy.illegalCombination', detail: { because: expect.stringContaining('declared online') as string } },
    });
  });

  it('begins nothing in production while a network interface is up', async () => {
    up.now = WIRED;
    const wired = await offlineHalf('offline', 'production');
    expect(wired.started).toMatchObject({
      error: { code: 'policy.illegalCombination', detail: { because: expect.stringContaining('up: eth0') as string } },
    });
    up.now = QUIET;
    const quiet = await offlineHalf('offline', 'production');
    expect(quiet.started, 'the next thing that is refused: practice officers').toMatchObject({
      error: { code: 'policy.rehearsalOnly' },
    });
  });

  it('asks once: what two people waived at the preflight of a rehearsal holds when the bundle is taken in, and nothing is waived in production', () => {
    up.now = WIRED;
    const checkOf = (isWaived: boolean) => value(networkCheck({ kind: 'offline' }, 'rehearsal', isWaived));
    expect(checkOf(false)).toMatchObject({ ok: false, got: 'up: eth0' });
    expect(checkOf(true)).toMatchObject({ ok: true, got: 'up: eth0, waived at the start of this rehearsal' });
    expect(networkCheck({ kind: 'offline' }, 'production', true).ok).toBe(false);
  });

  it('is refused whole in production where both halves would run at one station', async () => {
    const { script } = value(await findScript(RESOURCES, 'byok'));
    const both = {
      ...s.request,
      script: 'byok',
      inputs: defaultInputs(script),
      runMode: 'production',
      typed: PRODUCTION_WORD,
    } as const;
    expect(await s.station.start(both)).toMatchObject({ error: { code: 'policy.illegalCombination' } });
  });

  it('may go on in a rehearsal when two people waive it, and the waiver stands in the record', async () => {
    up.now = WIRED;
    const station = openStation({ ...s.ground, stationIdentity: () => ({ id: 'cellar-1', kind: 'offline' }) });
    value(await station.start(s.request));
    const view = value(await play(station, CAST));
    expect(view.outcome).toBe('completed');
    expect(view.exceptions).toMatchObject([{ happened: expect.stringMatching(/up: eth0/), decision: { decision: 'continue' } }]);
  });
});
