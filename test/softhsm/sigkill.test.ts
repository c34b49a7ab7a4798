import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyPack } from '../../core/pack/verify';
import { hasSoftHsm } from './ground';
import { linesOf, prepareDeaths, type Deaths } from './sigkill-ground';

let deaths: Deaths;
beforeAll(async () => {
  const inputs = { purpose: 'xks', keySpec: 'AES_256', keyLabel: 'sigkill-1', tokenState: 'ready' };
  deaths = await prepareDeaths({ script: 'hsm-key', inputs, spared: [] });
});
afterAll(() => deaths.remove());

describe.skipIf(!hasSoftHsm)('a ceremony whose program is killed with SIGKILL at every write of its journal', () => {
  it('loses no evidence, never makes a second key, and comes to its seal', { timeout: 900_000 }, async () => {
    const { run, runs, transcript, lost } = await deaths.dieThroughout();
    expect(run).toMatchObject({ code: 0, signal: null });
    expect(lost, 'what was on disk before is still there').toBe(0);
    const begun = linesOf(transcript, 'intent', 'token.generate').length;
    expect(begun, 'generation was begun, found undone, and begun again').toBeGreaterThan(1);
    expect(await deaths.objectsOnToken()).toBe(1);
    expect(await verifyPack(await deaths.pack())).toMatchObject({ ok: true, judged: true, outcome: 'completed' });
    expect(runs).toBeGreaterThan(120);
  });
});
