import { describe, expect, it } from 'vitest';
import { defaultStateFolder, LONGEST_STATE_FOLDER, socketFits } from '../../../core/control/state-folder';

describe('the state folder where none is named', () => {
  it.each([
    [{ STATE_DIRECTORY: '/var/lib/private/keyrite-proxy', HOME: '/home/a' }, true, '/var/lib/private/keyrite-proxy'],
    [{ STATE_DIRECTORY: '/var/lib/one:/var/lib/two' }, false, '/var/lib/one'],
    [{ STATE_DIRECTORY: 'relative', HOME: '/home/a' }, false, '/home/a/.local/state/keyrite/proxy'],
    [{ HOME: '/root', XDG_STATE_HOME: '/root/state' }, true, '/var/lib/keyrite-proxy'],
    [{ HOME: '/home/a', XDG_STATE_HOME: '/data/state' }, false, '/data/state/keyrite/proxy'],
    [{ HOME: '/home/a', XDG_STATE_HOME: 'state' }, false, '/home/a/.local/state/keyrite/proxy'],
    [{ HOME: '/home/a' }, false, '/home/a/.local/state/keyrite/proxy'],
    [{ HOME: 'a' }, false, ''],
    [{}, false, ''],
  ])('with %j (root: %s) is %j', (env, isRoot, folder) => {
    expect(defaultStateFolder(env, isRoot)).toBe(folder);
  });

  it('is short enough for its socket up to the longest path, counted in bytes', () => {
    expect(socketFits(`/${'x'.repeat(LONGEST_STATE_FOLDER - 1)}`)).toBe(true);
    expect(socketFits(`/${'x'.repeat(LONGEST_STATE_FOLDER)}`)).toBe(false);
    expect(socketFits(`/${'ü'.repeat(LONGEST_STATE_FOLDER / 2)}`)).toBe(false);
  });
});
