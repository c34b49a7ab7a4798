import { describe, expect, it } from 'vitest';
import { refusedSwitch } from '../../../electron/security/command-line';

const given =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name);

describe('switches of an installed app', () => {
  it.each(['remote-debugging-port', 'remote-debugging-pipe', 'load-extension', 'disable-web-security', 'js-flags', 'no-sandbox'])(
    'do not include --%s',
    (name) => {
      expect(refusedSwitch(given('lang', name), { isPackaged: true, selfTest: false })).toBe(name);
      expect(refusedSwitch(given('lang', name), { isPackaged: false, selfTest: false })).toBeNull();
    },
  );

  it('may leave the sandbox out for the self-test, which opens no window', () => {
    expect(refusedSwitch(given('no-sandbox'), { isPackaged: true, selfTest: true })).toBeNull();
    expect(refusedSwitch(given('no-sandbox', 'remote-debugging-port'), { isPackaged: true, selfTest: true })).toBe(
      'remote-debugging-port',
    );
  });

  it('may be any other', () => {
    expect(refusedSwitch(given('lang', 'force-device-scale-factor'), { isPackaged: true, selfTest: false })).toBeNull();
  });
});
