import { describe, expect, it } from 'vitest';
import { readLaunchOptions } from '../../electron/arguments';

describe('the command line of the app', () => {
  it('asks for nothing by default', () => {
    expect(readLaunchOptions(['electron', '.', '--no-sandbox'], {})).toEqual({
      dataFolder: null,
      selfTest: false,
      help: false,
      version: false,
    });
  });

  it('takes the data folder from an argument in either form, else from the environment', () => {
    expect(readLaunchOptions(['keyrite', '--data', '/a'], { KEYRITE_DATA: '/b' }).dataFolder).toBe('/a');
    expect(readLaunchOptions(['keyrite', '--data=/a'], {}).dataFolder).toBe('/a');
    expect(readLaunchOptions(['keyrite'], { KEYRITE_DATA: '/b' }).dataFolder).toBe('/b');
    expect(readLaunchOptions(['keyrite', '--data'], { KEYRITE_DATA: '' }).dataFolder).toBeNull();
  });

  it('knows its other words', () => {
    expect(readLaunchOptions(['keyrite', '--self-test', '--help', '--version'], {})).toMatchObject({
      selfTest: true,
      help: true,
      version: true,
    });
  });
});
