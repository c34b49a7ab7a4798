import { findInProcess } from '../core/wrapping/find-in-memory';
import { endApp, expect, launchApp, test } from './launch';
import { expectAccessible } from './looks';
import { asKms, proxyToken, setUpProxy, snapshotOf, startProxy, USER_PIN, type Token } from './proxy-ground';

let token: Token | null = null;
test.beforeAll(() => {
  token = proxyToken();
});
test.afterAll(() => token?.remove());

/** A PIN that the token refuses, long enough to be found nowhere by chance. */
const CANARY = 'a canary that sings of PINs at four o clock';
/** The same, made a text in the app on purpose. */
const CARELESS = 'a careless bird that is made a text at four';

test('a person logs the proxy out on its screen and in again with the PIN, which the app never makes a text', async ({
  data,
}) => {
  setUpProxy(data, token!);
  const app = await launchApp({ data });
  const { page } = app;
  expect(await startProxy(app)).toMatchObject({ ok: true });
  expect(await asKms(await snapshotOf(app))).toBe('ok');

  await page.getByRole('link', { name: 'Proxy' }).click();
  await page.getByRole('tab', { name: 'More ways to stop' }).click();
  await page.getByRole('button', { name: /The token: log this proxy out/ }).click();
  await page.getByRole('button', { name: 'Log out of the token' }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('the card is gone');
  await page.getByRole('dialog').getByRole('button', { name: 'Log out now' }).click();
  await expect(page.getByRole('heading', { name: 'Logged out', exact: true })).toBeVisible();
  expect(await asKms(await snapshotOf(app))).not.toBe('ok');
  await expectAccessible(page, 'the proxy that is logged out');

  const refused = await page.evaluate(
    (text) => window.keyrite.call('proxy', 'login', { pin: new TextEncoder().encode(text) }),
    CANARY,
  );
  expect(refused).toMatchObject({ ok: false, error: { code: 'proxy.loginRefused' } });
  if (process.platform === 'linux') {
    const main = await app.electron.evaluate(() => process.pid);
    // The page's own words come by as they were typed; hex or base64 is what somebody makes of them.
    const texts = (found: readonly string[]): readonly string[] => found.filter((name) => name.endsWith('text'));
    expect(texts(findInProcess(main, Buffer.from(CANARY)))).toEqual([]);
    await app.electron.evaluate((_, careless) => {
      (globalThis as unknown as { kept: string }).kept = Buffer.from(careless).toString('base64');
    }, CARELESS);
    expect(texts(findInProcess(main, Buffer.from(CARELESS)))).not.toEqual([]);
  }

  await page.getByRole('button', { name: 'Log in again' }).click();
  await page.getByLabel('User PIN').fill(USER_PIN);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Serving', exact: true })).toBeVisible();
  expect(await asKms(await snapshotOf(app))).toBe('ok');
  await endApp(app);
});
