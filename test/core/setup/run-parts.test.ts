import { describe, expect, it } from 'vitest';
import { obstacle } from '../../../core/setup/run-parts.mjs';

const ground = { buildProblem: null, softHsmProblem: null, electronProblem: null, env: {} };
const part = (needs: 'softhsm' | 'electron' | null) => ({
  id: 'x',
  title: 'x',
  cores: 1,
  needs,
  run: () => Promise.reject(new Error('not run here')),
});

describe('a part that cannot run', () => {
  it('is skipped with its reason', () => {
    expect(obstacle(part('softhsm'), { ...ground, softHsmProblem: 'no SoftHSM' }, false)).toEqual({
      note: 'no SoftHSM',
      fails: false,
    });
    expect(obstacle(part('electron'), { ...ground, electronProblem: 'no Electron' }, false)).toEqual({
      note: 'no Electron',
      fails: false,
    });
  });

  it('fails in CI when it is SoftHSM that is missing', () => {
    expect(obstacle(part('softhsm'), { ...ground, softHsmProblem: 'no SoftHSM' }, true)).toEqual({
      note: 'no SoftHSM',
      fails: true,
    });
    expect(obstacle(part('electron'), { ...ground, electronProblem: 'no Electron' }, true)).toEqual({
      note: 'no Electron',
      fails: false,
    });
  });

  it('fails everywhere when the build is broken', () => {
    expect(obstacle(part('electron'), { ...ground, buildProblem: 'broken' }, false)).toEqual({ note: 'broken', fails: true });
  });

  it('is not one that needs nothing', () => {
    expect(obstacle(part(null), { ...ground, buildProblem: 'broken', softHsmProblem: 'no SoftHSM' }, true)).toBeNull();
  });
});
