import { describe, test } from 'vitest';
import { findChromium } from './browser';
import { expectDrawn } from './drawn';
import { KMS_SCREENS } from './fixtures/kms-screens';
import { PROXY_SCREENS } from './fixtures/proxy-screens';
import { STATION_SCREENS } from './fixtures/station-screens';
import { oneBrowser } from './one-browser';

const executable = findChromium();
if (executable === null) process.stderr.write('SKIPPED: no Chromium here; the screens were not looked at in a browser.\n');

describe.skipIf(executable === null)('the screens in a browser', () => {
  const show = oneBrowser(executable);

  test.each([...STATION_SCREENS, ...KMS_SCREENS, ...PROXY_SCREENS].map((screen) => [screen.name, screen] as const))(
    '%s is drawn whole in light, in dark and in a small window, and axe finds nothing against it',
    (_, screen) => expectDrawn(show, screen),
  );
});
