import { describe, expect, it } from 'vitest';
import { PROXY_PHASES } from '../../core/contract/proxy-values';
import { isOursRunning, lightOf, type ProxyLight } from '../../electron/proxy-light';
import { iconPixels } from '../../electron/tray-icon';
import { STATUS } from '../proxy/control/control-ground';

const latch = { state: 'armed', by: '', why: '', at: '', problem: '' } as const;
const SERVING = { isSetUp: true, latch, status: STATUS, process: { phase: 'ready' } } as const;

describe('the light of the proxy', () => {
  it('is serving only where calls would be answered', () => {
    const hsm = { ...STATUS.hsm, condition: 'serving' } as const;
    const status = {
      ...STATUS,
      latch: { ...STATUS.latch, killed: false },
      hsm,
      health: { ...STATUS.health, state: 'ACTIVE' },
    } as const;
    expect(lightOf({ ...SERVING, status })).toBe('serving');
    expect(lightOf({ ...SERVING, status, process: { phase: 'attached' } })).toBe('serving');
    expect(lightOf({ ...SERVING, status, process: { phase: 'unresponsive' } })).toBe('trouble');
    expect(lightOf({ ...SERVING, status: { ...status, hsm: { ...hsm, condition: 'loginRefused' } } })).toBe('trouble');
    expect(lightOf({ ...SERVING, status: null })).toBe('trouble');
  });

  it('is killed whatever runs, also where the latch cannot be read', () => {
    for (const phase of PROXY_PHASES) {
      expect(lightOf({ ...SERVING, latch: { ...latch, state: 'killed' }, process: { phase } })).toBe('killed');
      expect(lightOf({ ...SERVING, latch: { ...latch, state: 'unknown' }, process: { phase } })).toBe('killed');
    }
  });

  it('is off where nothing runs or nothing was set up', () => {
    expect(lightOf({ ...SERVING, process: { phase: 'stopped' } })).toBe('idle');
    expect(lightOf({ ...SERVING, isSetUp: false, latch: { ...latch, state: 'unknown' } })).toBe('idle');
    expect(PROXY_PHASES.filter((phase) => isOursRunning({ phase }))).toEqual([
      'starting',
      'ready',
      'unresponsive',
      'waiting',
      'stopping',
    ]);
  });

  it('has a shape of its own for each state, so that no colour has to be told apart', () => {
    const shapeOf = (light: ProxyLight): string =>
      Array.from(
        iconPixels(light, 22).filter((_, at) => at % 4 === 3),
        (alpha) => (alpha > 127 ? '#' : '.'),
      ).join('');
    const shapes = (['serving', 'killed', 'trouble', 'idle'] as const).map(shapeOf);
    for (const [at, one] of shapes.entries())
      for (const other of shapes.slice(at + 1)) {
        const different = Array.from(one).filter((pixel, index) => pixel !== other[index]).length;
        expect(different).toBeGreaterThan(40);
      }
  });
});
