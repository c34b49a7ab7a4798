import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { findChromium, SMALL, type Look } from './browser';
import { settings } from './fixtures/answers';
import { stationAnswers, type Answers, type Call, type FakeWindow } from './fixtures/fake-bridge';
import * as kms from './fixtures/kms';
import { oneBrowser } from './one-browser';

const executable = findChromium();
if (executable === null)
  process.stderr.write('SKIPPED: no Chromium here; Keys, policy and calendar were not used in a browser.\n');

const good = (value: unknown) => ({ ok: true, value }) as const;
const online = { 'settings.get': good({ ...settings, station: { id: 'station-1', kind: 'online' } }) };

/** A busy machine may draw late. */
const PATIENCE = { timeout: 15_000 } as const;

describe.skipIf(executable === null)('KMS keys, key policies and the calendar in a browser', () => {
  const open = oneBrowser(executable);

  const show = (route: string, more: Answers = {}, look?: Look): Promise<Page> =>
    open(route, stationAnswers(null, { ...online, ...more }), look);

  async function calls(page: Page, verb: string): Promise<readonly Call['input'][]> {
    const all = await page.evaluate(() =>
      (window as unknown as FakeWindow).calls.map(({ verb: name, input }) => ({ verb: name, input })),
    );
    return all.filter((call) => call.verb === verb).map(({ input }) => input);
  }

  const openKms = async (page: Page): Promise<void> => {
    await page.getByRole('tab', { name: 'In AWS KMS' }).click();
    await page.getByRole('heading', { name: 'KMS keys' }).waitFor();
  };

  test('nothing is asked of AWS before somebody presses the button', async () => {
    const page = await show('keys');
    await openKms(page);
    expect(await calls(page, 'kms.keys')).toEqual([]);
    await page.getByRole('button', { name: 'Read the keys' }).click();
    await page.getByText('alias/payments').waitFor();
    expect(await calls(page, 'kms.keys')).toEqual([{ runMode: 'rehearsal', region: 'eu-central-1', from: 0 }]);
  });

  test('an offline station reads the practice KMS only', async () => {
    const page = await show('keys', { 'settings.get': good({ ...settings, station: { id: 'x', kind: 'offline' } }) });
    await openKms(page);
    expect(await page.getByRole('button', { name: 'Read the keys' }).isEnabled()).toBe(true);
    await page.getByRole('radio', { name: 'Production' }).check();
    await page.getByText('This is an offline station').waitFor();
    expect(await page.getByRole('button', { name: 'Read the keys' }).isEnabled()).toBe(false);
  });

  test('what is left out is said with its number, and read on at the press of a button', async () => {
    const page = await show('keys', { 'kms.keys': good({ ...kms.kmsPage, total: 4000, next: 100 }) });
    await openKms(page);
    await page.getByRole('button', { name: 'Read the keys' }).click();
    await page.getByText('3900 more keys of this Region were not read.').waitFor();
    await page.getByRole('button', { name: 'Read more' }).click();
    await expect.poll(() => calls(page, 'kms.keys'), PATIENCE).toHaveLength(10);
    expect((await calls(page, 'kms.keys'))[5]).toMatchObject({ from: 100 });
  });

  test('another Region forgets what was read of the last: no key is shown under the wrong heading', async () => {
    const page = await show('keys');
    await openKms(page);
    await page.getByRole('button', { name: 'Read the keys' }).click();
    await page.getByText('alias/payments').waitFor();
    await page.getByLabel('Region').click();
    await page.getByRole('option', { name: 'us-east-1' }).click();
    expect(await page.getByText('alias/payments').count()).toBe(0);
  });

  test('the ceremony that fits opens the start form with the key in it, by keyboard alone, in a small window', async () => {
    const choice = { script: 'byok-rotate', title: 'Rotate to new material', inputs: [input('kmsKeyArn'), input('awsAccount')] };
    const base = stationAnswers(null)['ceremony.choices'] as { value: readonly object[] };
    const page = await show('keys', { 'ceremony.choices': good([...base.value, { ...base.value[0], ...choice }]) }, SMALL);
    await openKms(page);
    await page.getByRole('button', { name: 'Read the keys' }).press('Enter');
    const details = page.getByRole('button', { name: 'Details of alias/payments' });
    await details.press('Enter');
    expect(await details.getAttribute('aria-expanded')).toBe('true');
    await page.getByRole('button', { name: 'Rotate to new material: alias/payments' }).press('Enter');
    await page.getByRole('heading', { name: 'Start a ceremony' }).waitFor();
    expect(await page.getByRole('radio', { name: 'Rotate to new material' }).isChecked()).toBe(true);
    expect(await page.getByLabel('kmsKeyArn').inputValue()).toBe(kms.kmsPage.keys[0]?.arn);
    expect(await page.getByLabel('awsAccount').inputValue()).toBe(kms.kmsPage.account);
  });

  test('a problem stands at the line it is about, and the form is judged after the last key stroke', async () => {
    const wrong = { field: 'users', index: 0, problem: '"x" is no ARN.', remedy: 'Write it like arn:aws:iam.' };
    const page = await show('policy', { 'keyPolicy.preview': good({ problems: [wrong], judged: null }) });
    const users = page.getByRole('group', { name: 'Users', exact: true });
    await users.getByRole('button', { name: 'Add a user' }).click();
    await page.getByLabel('Users 2', { exact: true }).fill('x');
    await users.getByText('"x" is no ARN. Write it like arn:aws:iam.').waitFor();
    const judged = { people: { users: [kms.people.users[0], 'x'] }, against: { what: 'nothing' } };
    await expect.poll(async () => (await calls(page, 'keyPolicy.preview')).at(-1), PATIENCE).toMatchObject(judged);
    expect(await page.getByRole('button', { name: 'Write the policy to a file' }).isEnabled()).toBe(false);
  });

  test('what is saved is what is seen, and the screen says whether it is', async () => {
    const page = await show('policy');
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove Auditors 1' }).click();
    await page.getByText('Changed, not saved yet').waitFor();
    await page.getByRole('button', { name: 'Save these people' }).click();
    expect(await calls(page, 'keyPolicy.setPeople')).toEqual([{ ...kms.people, auditors: [] }]);
  });

  test('opened from a key, the policy is compared with what that key has now', async () => {
    const page = await show(`policy?runMode=rehearsal&region=eu-central-1&keyId=${encodeURIComponent('arn:aws:kms:x')}`, {
      'keyPolicy.preview': good(kms.comparedPreview),
    });
    await page.getByRole('heading', { name: 'Rights' }).waitFor();
    expect(await calls(page, 'keyPolicy.preview')).toMatchObject([
      { against: { what: 'kmsKey', runMode: 'rehearsal', region: 'eu-central-1', keyId: 'arn:aws:kms:x' } },
    ]);
  });

  test('who can do what is a grid in a wide window and a list in a small one, and both say the same', async () => {
    const page = await show('policy');
    const grid = page.getByRole('table', { name: 'Who can do what' });
    await grid.waitFor();
    expect(await grid.getByRole('row', { name: /^role\/Payments/ }).textContent()).toContain('refused');
    await page.setViewportSize(SMALL);
    await grid.waitFor({ state: 'hidden' });
    const list = page.getByRole('list', { name: 'Who can do what' });
    expect(await list.getByRole('listitem').filter({ hasText: 'role/Payments' }).first().textContent()).toMatch(
      /some.*use.*refused.*fetch, import/,
    );
  });

  test('the desk shows what is due, overdue first, with its owner, and leads to the whole calendar', async () => {
    const page = await show('desk');
    const panel = page.getByRole('region', { name: 'What must not be forgotten' });
    const first = panel.getByRole('listitem').first();
    expect(await first.textContent()).toContain('Overdue: was due 3 days ago');
    expect(await first.textContent()).toContain('Ines Practice');
    await panel.getByText('1 more entry').waitFor();
    await panel.getByRole('button', { name: 'Whole calendar' }).click();
    await page.getByRole('heading', { name: 'Calendar', level: 1 }).waitFor();
  });

  test('an entry is removed only after a second look, and its calendar file goes where the person says', async () => {
    const page = await show('calendar');
    await page.getByRole('button', { name: 'Calendar file of: Key material expires: tokens' }).click();
    expect(await calls(page, 'calendar.exportIcs')).toEqual([{ id: 'material-expiry tokens' }]);
    await page.getByRole('button', { name: 'Remove: Key material expires: tokens' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Ines Practice').waitFor();
    expect(await calls(page, 'calendar.remove')).toEqual([]);
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click({ timeout: 10_000 });
    await expect.poll(() => calls(page, 'calendar.remove'), PATIENCE).toEqual([{ id: 'material-expiry tokens' }]);
    await expect.poll(() => page.getByText('Key material expires: tokens').count()).toBe(0);
  });
});

function input(name: string): object {
  return { name, title: name, hint: '', options: null, pattern: '^.+$', value: '' };
}
