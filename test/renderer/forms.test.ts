import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import { findChromium } from './browser';
import * as answers from './fixtures/answers';
import { stationAnswers, type Answers, type FakeWindow } from './fixtures/fake-bridge';
import { officers } from './fixtures/people';
import { VIEWS } from './fixtures/views';
import { oneBrowser } from './one-browser';

const executable = findChromium();
if (executable === null) process.stderr.write('SKIPPED: no Chromium here; the forms were not tried in a browser.\n');

const real = { ok: true, value: officers.map((officer) => ({ ...officer, rehearsal: false })) } as const;
const empty = { ok: true, value: [] } as const;

/** What a verb was asked with, the last time. */
const inputOf = (page: Page, verb: string): Promise<unknown> =>
  page.evaluate((name) => (window as unknown as FakeWindow).calls.findLast((call) => call.verb === name)?.input ?? null, verb);

describe.skipIf(executable === null)('the forms', () => {
  const open = oneBrowser(executable);

  function at(route: string, more: Answers = {}): Promise<Page> {
    const list = { ...stationAnswers(null), 'ceremony.start': { ok: true, value: VIEWS['reading'] }, ...more } as const;
    return open(route, list);
  }

  test('from an empty station it is three presses to a rehearsal on the stage', async () => {
    const page = await at('desk', {
      'desk.get': { ok: true, value: answers.freshDesk },
      'desk.token': { ok: true, value: answers.missingToken },
      'officers.list': empty,
    });
    await page.getByRole('button', { name: 'Start a rehearsal' }).click();
    await page.getByRole('button', { name: 'Enrol practice officers' }).click();
    await page.getByRole('button', { name: 'Begin the ceremony' }).click();
    await page.getByRole('heading', { name: '3.7 Fingerprint read-out' }).waitFor();
    expect(await inputOf(page, 'ceremony.start')).toEqual({
      script: 'hsm-key',
      runMode: 'rehearsal',
      inputs: { keySpec: 'AES_256', tokenState: 'ready', keyLabel: 'xks-root-1' },
      seats: { CA: 'a1'.repeat(8), IW: 'b2'.repeat(8), CO1: 'd4'.repeat(8), CO2: 'e5'.repeat(8) },
      typed: '',
    });
  });

  test('a conflict of seats is shown at once, beside the seat', async () => {
    const page = await at('start');
    for (const seat of ['CA', 'IW']) {
      await page.getByRole('button', { name: new RegExp(`^${seat} - `, 'u') }).click();
      await page.getByRole('option', { name: /Ada Practice/u }).click();
    }
    await page.getByText('Also holds IW: these must be two people.').waitFor();
    expect(await page.getByRole('button', { name: 'Begin the ceremony' }).isDisabled()).toBe(true);
  });

  test('production wants the word typed, and three seconds', async () => {
    const page = await at('start', { 'officers.list': real });
    for (const [seat, name] of [
      ['CA', 'Ada'],
      ['IW', 'Ines'],
      ['CO1', 'Cora'],
      ['CO2', 'Colin'],
    ] as const) {
      await page.getByRole('button', { name: new RegExp(`^${seat} - `, 'u') }).click();
      await page.getByRole('option', { name: new RegExp(name, 'u') }).click();
    }
    await page.getByRole('radio', { name: 'Production' }).check();
    const begin = page.getByRole('button', { name: /^Begin the ceremony/u });
    await page.clock.runFor(5000);
    expect(await begin.isDisabled()).toBe(true);
    await page.getByLabel('Type PRODUCTION to confirm').fill('PRODUCTION');
    expect(await begin.isDisabled()).toBe(true);
    await page.clock.runFor(3100);
    await begin.click();
    expect(await inputOf(page, 'ceremony.start')).toMatchObject({ runMode: 'production', typed: 'PRODUCTION' });
  });

  test('what main refuses is told in three sentences and nothing that was filled in is lost', async () => {
    const page = await at('start', { 'ceremony.start': { ok: false, error: { code: 'file.diskFull', detail: {} } } });
    await page.getByLabel('Key label').fill('xks-root-9');
    await page.getByRole('button', { name: 'Fill the seats with practice officers' }).click();
    await page.getByRole('button', { name: 'Begin the ceremony' }).click();
    await page.getByText('The disk is full.', { exact: true }).waitFor();
    expect(await page.getByLabel('Key label').inputValue()).toBe('xks-root-9');
  });

  test('an officer is enrolled with a passphrase given twice, which leaves the page as bytes', async () => {
    const page = await at('settings', { 'officers.list': empty, 'officers.enrol': { ok: true, value: officers[0] } });
    await page.getByRole('button', { name: 'Enrol an officer' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Ada Practice');
    await dialog.getByLabel('Passphrase', { exact: true }).fill('one two three four');
    await dialog.getByLabel('Passphrase again').fill('one two three fire');
    await dialog.getByRole('button', { name: 'Enrol on this station' }).click();
    await dialog.getByText('The two passphrases differ. Enter both again.').waitFor();
    expect(await inputOf(page, 'officers.enrol')).toBeNull();
    await dialog.getByLabel('Passphrase', { exact: true }).fill('äbc');
    await dialog.getByLabel('Passphrase again').fill('äbc');
    await dialog.getByRole('button', { name: 'Enrol on this station' }).click();
    await page.getByText('Ada Practice').first().waitFor();
    const bytes = await page.evaluate(() => {
      const call = (window as unknown as FakeWindow).calls.findLast(({ verb }) => verb === 'officers.enrol');
      const of = (input: unknown): number[] => [...(input as { passphrase: Uint8Array }).passphrase];
      return [of(call?.input), of(call?.given)];
    });
    expect(bytes).toEqual([
      [0xc3, 0xa4, 0x62, 0x63],
      [0, 0, 0, 0],
    ]);
  });

  test('an unfinished ceremony is continued from the desk', async () => {
    const page = await at('desk', { 'ceremony.reopen': { ok: true, value: VIEWS['recovery'] } });
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'An act was begun and its result is not known' }).waitFor();
    expect(await inputOf(page, 'ceremony.reopen')).toEqual({ ceremonyId: 'hsm-key-20261121-100000' });
  });

  test('a dialog that the person closed is no failure', async () => {
    const page = await at('evidence', { 'evidence.verifyFolder': { ok: false, error: { code: 'input.cancelled', detail: {} } } });
    await page.getByRole('button', { name: 'Verify another folder' }).click();
    await page.getByRole('button', { name: 'Export hsm-key-20261120-090000' }).click();
    await page.getByText('The request was refused.', { exact: true }).waitFor();
    expect(await page.getByText('dialog was closed').count()).toBe(0);
  });

  test('the keys are not read while a ceremony holds the token', async () => {
    const page = await at('keys', { 'ceremony.current': { ok: true, value: VIEWS['compare'] } });
    await page.getByText('A ceremony holds the token.').waitFor();
    expect(await page.getByLabel('User PIN').count()).toBe(0);
  });
});
