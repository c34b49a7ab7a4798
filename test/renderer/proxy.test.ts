import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { findChromium, SMALL } from './browser';
import { stationAnswers, type Answers, type FakeWindow } from './fixtures/fake-bridge';
import * as proxy from './fixtures/proxy';
import * as policy from './fixtures/proxy-policy';
import { kill } from './fixtures/proxy-screens';
import { oneBrowser } from './one-browser';

const executable = findChromium();
if (executable === null) process.stderr.write('SKIPPED: no Chromium here; the switch was not tried in a browser.\n');

const PATIENCE = { timeout: 10_000 };
const good = (value: unknown) => ({ ok: true, value }) as const;

describe.skipIf(executable === null)('the proxy by mouse and keyboard', () => {
  const open = oneBrowser(executable);

  function show(route: string, more: Answers = {}): Promise<Page> {
    return open(route, stationAnswers(null, more));
  }

  const calls = async (page: Page, verb: string): Promise<unknown[]> => {
    const all = await page.evaluate(() =>
      (window as unknown as FakeWindow).calls.map(({ verb: name, input }) => ({ name, input })),
    );
    return all.filter(({ name }) => name === verb).map(({ input }) => input);
  };

  const push = (page: Page, snapshot: unknown): Promise<void> =>
    page.evaluate((value) => {
      (window as unknown as FakeWindow).push('proxy.changed', value as never);
    }, snapshot);

  const switchOf = (page: Page) => page.locator('button[data-danger]');
  const isOnDanger = (page: Page): Promise<boolean> =>
    page.evaluate(() => document.activeElement?.hasAttribute('data-danger') === true);

  test('two presses kill, without a word to type; a double click is only one of them', async () => {
    const page = await show('proxy');
    await switchOf(page).dblclick();
    await page.getByRole('button', { name: 'Press again: kill now' }).waitFor();
    expect(await calls(page, 'proxy.kill')).toEqual([]);
    await page.clock.runFor(600);
    await switchOf(page).click();
    await expect.poll(() => calls(page, 'proxy.kill'), PATIENCE).toEqual([{ why: '' }]);
    await push(page, proxy.killed);
    await page.getByRole('heading', { name: 'Killed', exact: true }).waitFor();
    await page.getByText('It took 12 ms.').waitFor();
    expect(await switchOf(page).count()).toBe(0);
  });

  test('two keys kill, and the switch is the same one on the desk; a key held down is one press', async () => {
    const page = await show('desk');
    await switchOf(page).waitFor();
    expect(await isOnDanger(page)).toBe(false);
    await switchOf(page).focus();
    for (let i = 0; i < 5; i += 1) {
      await page.keyboard.down('Enter');
      await page.clock.runFor(300);
    }
    await page.keyboard.up('Enter');
    expect(await calls(page, 'proxy.kill')).toEqual([]);
    await page.keyboard.press('Enter');
    await expect.poll(() => calls(page, 'proxy.kill'), PATIENCE).toEqual([{ why: '' }]);
  });

  test('the first press is taken back by Esc, by going elsewhere, and by waiting', async () => {
    const page = await show('proxy');
    const again = page.getByRole('button', { name: 'Press again: kill now' });
    const takenBack: readonly (() => Promise<void>)[] = [
      () => page.keyboard.press('Escape'),
      () => page.getByLabel('Why (may stay empty)').focus(),
      () => page.clock.runFor(6100),
    ];
    for (const takeBack of takenBack) {
      await switchOf(page).click();
      await again.waitFor();
      await takeBack();
      await again.waitFor({ state: 'hidden' });
      await page.clock.runFor(600);
    }
    await switchOf(page).click();
    expect(await calls(page, 'proxy.kill')).toEqual([]);
  });

  test('a reason goes with the kill, and one that was not acknowledged says what to do by hand', async () => {
    const page = await show('proxy', { 'proxy.kill': { ok: false, error: { code: 'bridge.fault', detail: {} } } });
    await page.getByLabel('Why (may stay empty)').fill('strange calls');
    expect(await isOnDanger(page)).toBe(false);
    await kill(page);
    await page.getByText('NOT surely killed').first().waitFor();
    await page.getByText('In a terminal: keyrite kill').waitFor();
    expect(await calls(page, 'proxy.kill')).toEqual([{ why: 'strange calls' }]);
    expect(await switchOf(page).isVisible()).toBe(true);
  });

  test('a kill by somebody else is seen on every screen at once, and arming leads to the ceremony', async () => {
    const page = await show('evidence', { 'proxy.get': good(proxy.killed) });
    await page.getByRole('heading', { name: 'Evidence' }).first().waitFor();
    await push(page, proxy.serving);
    await page.getByRole('link', { name: 'Proxy', exact: true }).waitFor();
    await push(page, proxy.killed);
    await page.getByRole('link', { name: /Proxy\s*killed/ }).click();
    await page.getByText('strange calls at night').waitFor();
    await page.getByRole('checkbox', { name: /^Kill the other proxies/ }).check();
    await page.getByText('1 of 8 done').waitFor();
    await page.getByRole('button', { name: 'Arm again: open the ceremony' }).click();
    await expect.poll(() => page.url(), PATIENCE).toContain('#/start?script=proxy-arm');
    await page.getByRole('link', { name: /Proxy\s*killed/ }).click();
    await page.getByText('1 of 8 done').waitFor();
  });

  test('a pause asks once more; a start takes the PIN as bytes, which are overwritten when it was handed over', async () => {
    const page = await show('proxy', { 'proxy.stop': good(proxy.paused) });
    await page.getByRole('button', { name: 'Planned pause' }).press('Enter');
    expect(await calls(page, 'proxy.stop')).toEqual([]);
    await page.getByRole('button', { name: 'Pause now' }).click();
    await page.getByRole('heading', { name: 'Paused' }).waitFor();
    await page.getByRole('button', { name: 'Start', exact: true }).press('Enter');
    await page.getByLabel('User PIN').fill('87654321');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Serving' }).waitFor();
    const sent = await page.evaluate(() => {
      const call = (window as unknown as FakeWindow).calls.findLast(({ verb }) => verb === 'proxy.start');
      const pin = (from: unknown): number[] => [...(from as { pin: Uint8Array }).pin];
      return { told: String.fromCharCode(...pin(call?.input)), left: pin(call?.given) };
    });
    expect(sent).toEqual({ told: '87654321', left: [0, 0, 0, 0, 0, 0, 0, 0] });
  });

  test('logging out of the token takes two presses, is no red button, and the way back is the PIN', async () => {
    const page = await show('proxy');
    await page.getByRole('tab', { name: 'More ways to stop' }).press('Enter');
    await page.getByRole('button', { name: /The token: log this proxy out/ }).press('Enter');
    await page.getByRole('button', { name: 'Log out of the token' }).press('Enter');
    expect(await calls(page, 'proxy.logOut')).toEqual([]);
    const dialog = page.getByRole('dialog');
    expect(await dialog.locator('[data-danger]').count()).toBe(0);
    await dialog.getByLabel('Why').fill('the card is gone');
    await dialog.getByRole('button', { name: 'Log out now' }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    expect(await calls(page, 'proxy.logOut')).toEqual([{ why: 'the card is gone' }]);
    await page.getByRole('heading', { name: 'Logged out', exact: true }).waitFor();
    await page.getByText('It is logged out, and wants its PIN.').waitFor();
    await page.getByRole('button', { name: 'Log in', exact: true }).press('Enter');
    await dialog.getByLabel('User PIN').fill('87654321');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Serving' }).waitFor();
    // killed as well: the PIN can be given before officers arm it
    await push(page, proxy.killedAndLoggedOut);
    await page.getByText('it wants its PIN before it is armed').waitFor();
    expect(await page.getByRole('button', { name: 'Log in', exact: true }).isVisible()).toBe(true);
    await push(page, proxy.paused);
    await page.getByText('Nothing runs, so this proxy has no session.').waitFor();
  });

  test('one KMS key is disabled in its ceremony, and the command for an emergency stands beside it', async () => {
    const page = await show('proxy');
    await page.getByRole('tab', { name: 'More ways to stop' }).press('Enter');
    await page.getByRole('button', { name: /AWS KMS: disable one key/ }).press('Enter');
    await page.getByText('aws kms disable-key').waitFor();
    await page.getByRole('button', { name: 'Open the ceremony' }).filter({ visible: true }).press('Enter');
    await page.waitForURL(/#\/start\?script=kms-disable$/);
  });

  test('a key is blocked with one press and unblocked with a reason, by keyboard in a small window', async () => {
    const page = await show('proxy');
    await page.setViewportSize(SMALL);
    await page.getByRole('tab', { name: 'Keys and credentials' }).press('Enter');
    await page.getByRole('button', { name: 'Block the key payments-root', exact: true }).press('Enter');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Block', exact: true }).press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    expect(await calls(page, 'proxy.block')).toEqual([{ key: 'payments-root', why: '' }]);
    await page.getByRole('button', { name: 'Unblock the key hr-files' }).press('Enter');
    const unblock = dialog.getByRole('button', { name: 'Unblock', exact: true });
    expect(await unblock.isEnabled()).toBe(false);
    await dialog.getByLabel('Why').fill('owner is back');
    await unblock.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    expect(await calls(page, 'proxy.unblock')).toEqual([{ key: 'hr-files', why: 'owner is back' }]);
  });

  test('it is asked once a second from where the last answer ended, and not at all while nobody can see it', async () => {
    const page = await show('proxy');
    await page.getByRole('option').first().waitFor();
    const first = await calls(page, 'proxy.live');
    expect(first[0]).toEqual({ since: 0 });
    await page.clock.runFor(3000);
    const asked = (await calls(page, 'proxy.live')).slice(first.length);
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(asked).toEqual(asked.map(() => ({ since: 2000 })));
    await page.getByRole('tab', { name: 'Condition' }).click();
    await page.getByRole('heading', { name: 'Last words' }).waitFor();
    const before = (await calls(page, 'proxy.live')).length;
    await page.clock.runFor(5000);
    expect(await calls(page, 'proxy.live')).toHaveLength(before);
    await page.getByRole('tab', { name: 'Live' }).click();
    await page.evaluate(() => Object.defineProperty(document, 'hidden', { get: () => true }));
    const seen = (await calls(page, 'proxy.live')).length;
    await page.clock.runFor(5000);
    expect(await calls(page, 'proxy.live')).toHaveLength(seen);
  });

  test('of a long list only the rows in sight are drawn; choosing one by keyboard holds it and shows all of it', async () => {
    const page = await show('proxy');
    const list = page.getByRole('listbox', { name: 'Recent requests' });
    await list.getByRole('option').first().waitFor();
    expect(await list.getByRole('option').count()).toBeLessThan(40);
    expect(await list.getByRole('option').first().getAttribute('aria-setsize')).toBe('400');
    await list.press('End');
    await list.getByRole('option', { selected: true }).waitFor();
    expect(await list.getByRole('option', { selected: true }).getAttribute('aria-posinset')).toBe('400');
    const details = page.getByRole('region', { name: 'The request' });
    await details.getByText('4f1c0a9e-1111-4222-8333-000000001601').waitFor();
    await page.getByText('Held.').waitFor();
    await page.getByLabel('Search in all texts').fill('snape');
    await page.getByText(/^1[78] of 400 requests/).waitFor();
    await page.getByRole('button', { name: 'Let it flow' }).press('Enter');
    await page.getByText('Held.').waitFor({ state: 'hidden' });
  });

  const policyTab = async (page: Page): Promise<void> => {
    await page.getByRole('tab', { name: 'Policy' }).press('Enter');
    await page.getByLabel('Text of the policy (Cedar)').waitFor();
  };

  test('a policy is edited and tried by keyboard; what is typed stays when another tab was looked at, until it is taken back', async () => {
    const page = await show('proxy');
    await policyTab(page);
    const field = page.getByLabel('Text of the policy (Cedar)');
    expect(await field.inputValue()).toBe(policy.known.text);
    await field.press('Control+End');
    await page.keyboard.type('// one more rule');
    await page.getByText('Changed, and in force nowhere').waitFor();
    const wanted = `${policy.known.text}// one more rule`;
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: '120 requests would be refused, 1 request would be allowed' }).waitFor();
    expect(await calls(page, 'proxy.tryPolicy')).toEqual([{ text: wanted }]);
    const refused = page.getByRole('table', { name: 'Would be refused' });
    expect(await refused.getByRole('row').count()).toBe(3);
    await refused.getByText('no-snape').first().waitFor();
    await page.getByText('17 requests in further rows').waitFor();
    await field.press('Control+End');
    await page.keyboard.type('!');
    await page.getByText('The text was changed since. Try it again.').waitFor();
    await page.getByRole('button', { name: 'Write it into a file' }).press('Enter');
    await expect.poll(() => calls(page, 'proxy.exportPolicy'), PATIENCE).toEqual([{ text: `${wanted}!` }]);
    await page.getByRole('tab', { name: 'Condition' }).press('Enter');
    await policyTab(page);
    expect(await field.inputValue()).toBe(`${wanted}!`);
    await page.getByRole('button', { name: 'Take back all changes' }).press('Enter');
    expect(await field.inputValue()).toBe(policy.known.text);
  });

  test('a problem of a policy leads to its place in the text', async () => {
    const page = await show('proxy', { 'proxy.tryPolicy': good(policy.problems) });
    await policyTab(page);
    await page.getByRole('button', { name: 'Try it on recent requests' }).press('Enter');
    await page.getByRole('button', { name: 'Line 6, column 10' }).press('Enter');
    const selected = await page.getByLabel('Text of the policy (Cedar)').evaluate((field: HTMLTextAreaElement) => ({
      text: field.value.slice(field.selectionStart, field.selectionEnd),
      isFocused: document.activeElement === field,
    }));
    expect(selected).toEqual({ text: 'principal.arn == "arn:aws:iam::111122223333:user/Snape" };', isFocused: true });
  });

  test('a text that is empty or too long cannot be tried; one that is being tried is stopped by hand, and by looking at another tab', async () => {
    const page = await show('proxy');
    await policyTab(page);
    const field = page.getByLabel('Text of the policy (Cedar)');
    const tryIt = page.getByRole('button', { name: 'Try it on recent requests' });
    await field.fill(' ');
    expect(await tryIt.isEnabled()).toBe(false);
    await field.fill('x'.repeat(60_001));
    await page.getByText('Longer than this screen takes, 60000 characters.').waitFor();
    expect(await tryIt.isEnabled()).toBe(false);
    await page.getByRole('button', { name: 'Take back all changes' }).press('Enter');
    await page.evaluate(() => {
      const fake = window as unknown as FakeWindow;
      const { call } = fake.keyrite;
      fake.keyrite = {
        ...fake.keyrite,
        call: (area, verb, input) => (verb === 'tryPolicy' ? new Promise(() => undefined) : call(area, verb, input)),
      };
    });
    await tryIt.press('Enter');
    await page.getByRole('button', { name: 'Stop trying' }).press('Enter');
    await expect.poll(() => calls(page, 'proxy.stopTrial'), PATIENCE).toHaveLength(1);
    await page.getByRole('tab', { name: 'Condition' }).press('Enter');
    await expect.poll(() => calls(page, 'proxy.stopTrial'), PATIENCE).toHaveLength(2);
  });
});
