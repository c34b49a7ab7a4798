import { endApp, expect, launchApp, test } from './launch';
import { expectAccessible, expectQuiet, picture } from './looks';
import { asKms, CALLER, KEY, proxyToken, setUpProxy, snapshotOf, USER_PIN, type Token } from './proxy-ground';

let token: Token | null = null;
test.beforeAll(() => {
  token = proxyToken();
});
test.afterAll(() => token?.remove());

test('an operator starts the proxy on its screen, watches KMS at work, and kills it with two presses', async ({ data }) => {
  setUpProxy(data, token!);
  const app = await launchApp({ data });
  const { page } = app;
  await page.getByRole('link', { name: 'Proxy' }).click();
  await expect(page.getByRole('heading', { name: 'Paused' })).toBeVisible();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const asked = page.getByLabel('User PIN');
  await expect(asked.or(page.getByRole('heading', { name: 'Serving', exact: true }))).toBeVisible();
  if (await asked.isVisible()) {
    await asked.fill(USER_PIN);
    await page.keyboard.press('Enter');
  }
  await expect(page.getByRole('heading', { name: 'Serving', exact: true })).toBeVisible();

  for (let calls = 0; calls < 5; calls += 1) expect(await asKms(await snapshotOf(app))).toBe('ok');
  const decrypted = page.getByRole('option', { name: new RegExp(`Decrypt ${KEY}`) });
  await expect(decrypted.first()).toBeVisible();
  await decrypted.first().click();
  await expect(page.getByRole('region', { name: 'The request' }).getByText('Decrypt').first()).toBeVisible();
  await expectAccessible(page, 'the proxy while it serves');
  await page.getByRole('main').evaluate((main) => main.scrollTo({ top: 0 }));
  await picture(page, 'proxy');
  await page.getByRole('tablist').evaluate((tabs) => tabs.scrollIntoView({ block: 'start' }));
  await picture(page, 'proxy-live');

  await page.getByRole('tab', { name: 'Policy' }).click();
  await expect(page.getByText('No policy is set')).toBeVisible();
  await page.getByLabel('Text of the policy (Cedar)').press('Control+End');
  await page.keyboard.insertText(`
@id("not-this-one")
forbid (principal, action, resource)
when { principal.arn == "${CALLER}" };
`);
  const tryIt = page.getByRole('button', { name: 'Try it on recent requests' });
  await tryIt.click();
  await expect(page.getByRole('heading', { name: '10 requests would be refused, 0 requests would be allowed' })).toBeVisible();
  const refused = page.getByRole('table', { name: 'Would be refused' });
  await expect(refused.getByRole('row', { name: `${CALLER} GenerateDataKey` })).toContainText('not-this-one');
  await expect(refused.getByRole('row', { name: `${CALLER} Decrypt` })).toContainText('not-this-one');
  await expectAccessible(page, 'the policy of the proxy, tried');
  await page.getByRole('tablist').evaluate((tabs) => tabs.scrollIntoView({ block: 'start' }));
  await picture(page, 'proxy-policy');
  await page.getByLabel('Text of the policy (Cedar)').press('Control+End');
  await page.keyboard.insertText('forbid (principal, action');
  await tryIt.click();
  await expect(page.getByRole('heading', { name: /^The policy cannot be used/ })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Line 7, column/ })).toBeVisible();
  // each trial was a process of its own, and is gone
  const trials = (): Promise<number> =>
    app.electron.evaluate(({ app: main }) => main.getAppMetrics().filter(({ name }) => name === 'Keyrite policy trial').length);
  await expect.poll(trials).toBe(0);
  // nothing of it came into force
  expect(await asKms(await snapshotOf(app))).toBe('ok');

  await page.getByRole('tab', { name: 'Keys and credentials' }).click();
  await page.getByRole('button', { name: `Block the key ${KEY}`, exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Block', exact: true }).click();
  await expect(page.getByRole('button', { name: `Unblock the key ${KEY}` })).toBeVisible();
  expect(await asKms(await snapshotOf(app))).not.toBe('ok');
  await page.getByRole('button', { name: `Unblock the key ${KEY}` }).click();
  await page.getByRole('dialog').getByLabel('Why').fill('it was a drill');
  await page.getByRole('dialog').getByRole('button', { name: 'Unblock', exact: true }).click();
  await expect(page.getByRole('button', { name: `Block the key ${KEY}`, exact: true })).toBeVisible();
  expect(await asKms(await snapshotOf(app))).toBe('ok');

  await page.getByRole('link', { name: 'Desk' }).click();
  await page.getByRole('button', { name: 'Kill: stop all use of the keys' }).click();
  const again = page.getByRole('button', { name: 'Press again: kill now' });
  await again.waitFor();
  // pressed until it counts: the first half second is for fingers that bounce
  await expect(async () => {
    if (await again.isVisible()) await again.click();
    expect((await snapshotOf(app)).latch.state).toBe('killed');
  }).toPass();
  await expect(page.getByText('The proxy acknowledged: no operation runs any more.').first()).toBeVisible();
  expect(await asKms(await snapshotOf(app))).not.toBe('ok');
  await page.getByRole('link', { name: /Proxy\s*killed/ }).click();
  await expect(page.getByRole('heading', { name: 'Killed', exact: true })).toBeVisible();
  await expectAccessible(page, 'the proxy when it is killed');
  await picture(page, 'proxy-killed');
  expectQuiet(app);
  await endApp(app);
});
