import { describe, expect, it } from 'vitest';
import { isInstalledAsLocked } from '../../../core/setup/dependencies.mjs';

const locked = {
  packages: { '': {}, 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0', optional: true } },
};

describe('a node_modules that somebody else installed', () => {
  it('is taken when it has every package in its version', () => {
    expect(
      isInstalledAsLocked(locked, {
        packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.0.0' } },
      }),
    ).toBe(true);
  });

  it('may lack optional packages, which are for other platforms', () => {
    expect(isInstalledAsLocked(locked, { packages: { 'node_modules/a': { version: '1.0.0' } } })).toBe(true);
  });

  it('is not taken with another version, optional or not, or with one missing', () => {
    expect(isInstalledAsLocked(locked, { packages: { 'node_modules/a': { version: '1.0.1' } } })).toBe(false);
    expect(
      isInstalledAsLocked(locked, {
        packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '2.1.0' } },
      }),
    ).toBe(false);
    expect(isInstalledAsLocked(locked, { packages: {} })).toBe(false);
  });
});
