import type { Page } from '@playwright/test';
import { describe, expect, test } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { findChromium } from './browser';
import { stationAnswers, type Answers, type Call, type FakeWindow } from './fixtures/fake-bridge';
import * as steps from './fixtures/steps';
import { viewAt, VIEWS } from './fixtures/views';
import { oneBrowser } from './one-browser';

const executable = findChromium();
if (executable === null) process.stderr.write('SKIPPED: no Chromium here; the stage was not tried in a browser.\n');

const callsOf = (page: Page): Promise<Call[]> =>
  page.evaluate(() => (window as unknown as FakeWindow).calls.map(({ verb, input }) => ({ verb, input, given: null })));

/** Commands only, in the order they were given. */
async function commandsOf(page: Page): Promise<unknown[]> {
  const calls = await callsOf(page);
  return calls
    .filter(({ verb }) => /^ceremony\.(submit|sign|login)$/u.test(verb))
    .map(({ input }) => (input as { command?: unknown }).command);
}

const push = (page: Page, view: CeremonyView): Promise<void> =>
  page.evaluate((next) => {
    (window as unknown as FakeWindow).push('ceremony.changed', next);
  }, view);

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');

describe.skipIf(executable === null)('the stage by keyboard', () => {
  const open = oneBrowser(executable);

  async function stageAt(view: CeremonyView, more: Answers = {}): Promise<Page> {
    const page = await open('ceremony', stationAnswers(view, more));
    await page.getByRole('heading', { name: view.title }).waitFor();
    return page;
  }

  const named = (name: string): CeremonyView => VIEWS[name] ?? viewAt(null);

  test('a step goes from READ to SEAL without a mouse, and focus is always where the next key is pressed', async () => {
    const page = await stageAt(viewAt(steps.reading), { 'ceremony.submit': { ok: true, value: viewAt(steps.compare) } });
    await expect.poll(() => focused(page)).toBe('I have read this aloud (R)');
    await page.keyboard.press('r');
    await expect.poll(() => focused(page)).toBe('Row 6 matches');
    await page.keyboard.press('6');
    await push(page, viewAt(steps.sealing));
    await expect.poll(() => focused(page)).toBe('Seal step (C)');
    await page.keyboard.press('Enter');
    expect(await commandsOf(page)).toEqual([
      { type: 'read', step: '3.7' },
      { type: 'compareRow', step: '3.7', row: 6, equal: true },
      { type: 'seal', step: '3.4' },
    ]);
  });

  test('the number of a row that is not read yet ticks nothing', async () => {
    const page = await stageAt(viewAt(steps.compare));
    await page.keyboard.press('7');
    await page.keyboard.press('1');
    expect(await commandsOf(page)).toEqual([]);
  });

  test('a held key presses once', async () => {
    const page = await stageAt(viewAt(steps.compare));
    await page.keyboard.down('c');
    await page.keyboard.down('c');
    await page.keyboard.down('c');
    await page.keyboard.up('c');
    expect(await commandsOf(page)).toHaveLength(1);
  });

  test('a held Enter presses a button once', async () => {
    const page = await stageAt(viewAt(steps.compare));
    await expect.poll(() => focused(page)).toBe('Row 6 matches');
    await page.keyboard.down('Enter');
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(await commandsOf(page)).toHaveLength(1);
  });

  test('letters typed into a PIN are a PIN and no commands', async () => {
    const page = await stageAt(named('logIn'));
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('password');
    await page.keyboard.type('reci1');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await page.getByLabel('CO1 enters the user PIN').inputValue()).toBe('reci1');
    expect(await commandsOf(page)).toEqual([]);
  });

  test('a PIN leaves the field as bytes, once, and both field and bytes are empty afterwards', async () => {
    const page = await stageAt(named('logIn'));
    const field = page.getByLabel('CO1 enters the user PIN');
    await field.fill('a1é');
    expect(await field.evaluate((input: HTMLInputElement) => [input.type, input.autocomplete, input.spellcheck])).toEqual([
      'password',
      'new-password',
      false,
    ]);
    await field.press('Enter');
    const [given, left] = await page.evaluate(() => {
      const call = (window as unknown as FakeWindow).calls.find(({ verb }) => verb === 'ceremony.submit');
      const pin = (input: unknown): number[] => [...(input as { pin: Uint8Array }).pin];
      return [pin(call?.input), pin(call?.given)];
    });
    expect(given).toEqual([0x61, 0x31, 0xc3, 0xa9]);
    expect(left).toEqual([0, 0, 0, 0]);
    expect(await field.inputValue()).toBe('');
    expect(await commandsOf(page)).toHaveLength(1);
  });

  test('an empty PIN is never sent', async () => {
    const page = await stageAt(named('logIn'));
    await page.getByRole('button', { name: 'Log in as crypto officer' }).click();
    await page.getByText('Enter it first.').waitFor();
    expect(await commandsOf(page)).toEqual([]);
  });

  test('a refused PIN says what it means, what to do, and how many tries are left', async () => {
    const page = await stageAt(named('logIn'), {
      'ceremony.submit': { ok: false, error: { code: 'token.pinIncorrect', detail: { pinState: 'finalTry' } } },
    });
    await page.getByLabel('CO1 enters the user PIN').fill('0000');
    await page.keyboard.press('Enter');
    await page.getByText('The token refused the PIN.', { exact: true }).waitFor();
    await page.getByText('LAST TRY - one more wrong PIN locks it').waitFor();
  });

  test('an act that erases wants the serial, the same PIN twice and three seconds; Enter does not start it', async () => {
    const page = await stageAt(named('erase'));
    const button = page.getByRole('button', { name: /^Erase and initialise the token/u });
    await page.getByLabel('Typed confirmation').fill('4f1c22d09a7e0b31');
    await page.getByLabel('SO chooses a new').fill('123456');
    await page.getByLabel('The same PIN again').fill('123456');
    await page.keyboard.press('Enter');
    expect(await button.isDisabled()).toBe(true);
    expect(await commandsOf(page)).toEqual([]);
    await page.clock.runFor(3100);
    expect(await focused(page)).not.toMatch(/^Erase/u);
    await button.click();
    expect(await commandsOf(page)).toEqual([{ type: 'act', step: '2.4' }]);
  });

  test('an erasing button stays asleep while the serial is wrong', async () => {
    const page = await stageAt(named('erase'));
    await page.getByLabel('Typed confirmation').fill('4f1c22d09a7e0b30');
    await page.clock.runFor(10_000);
    expect(await page.getByRole('button', { name: /^Erase and initialise the token/u }).isDisabled()).toBe(true);
  });

  test('two different new PINs are refused on the spot', async () => {
    const page = await stageAt(named('erase'));
    await page.getByLabel('Typed confirmation').fill('4f1c22d09a7e0b31');
    await page.getByLabel('SO chooses a new').fill('123456');
    await page.getByLabel('The same PIN again').fill('123457');
    await page.clock.runFor(3100);
    await page.getByRole('button', { name: /^Erase and initialise the token/u }).click();
    await page.getByText('The two PINs differ. Enter both again.').waitFor();
    expect(await commandsOf(page)).toEqual([]);
  });

  test('an exception is one key and one click away, and recording it is never what focus is on', async () => {
    const page = await stageAt(viewAt(steps.compare));
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    expect(await focused(page)).not.toBe('Record the exception');
    await dialog.getByRole('button', { name: 'Bag or serial does not fit' }).click();
    await dialog.getByRole('button', { name: 'Record the exception' }).click();
    await expect
      .poll(() => commandsOf(page))
      .toEqual([
        {
          type: 'raiseException',
          severity: 'security',
          expected: 'Bag and serial numbers are those of the last record.',
          happened: 'A number differs, or a bag is torn.',
        },
      ]);
  });

  test('an exception is decided by two seats, and only as its kind allows', async () => {
    const page = await stageAt(named('exception'));
    await page.getByRole('button', { name: 'Decide exception 2' }).click();
    const dialog = page.getByRole('dialog');
    expect(await dialog.getByRole('radio', { name: 'Go on' }).count()).toBe(0);
    await dialog.getByRole('radio', { name: 'Do the step again' }).check();
    await dialog.getByLabel('Reason').fill('The module ignored it once.');
    await dialog.getByLabel('Who follows it up').fill('Ada');
    await dialog.getByRole('checkbox', { name: /^CA/u }).check();
    const record = dialog.getByRole('button', { name: 'Record the decision' });
    expect(await record.isDisabled()).toBe(true);
    await dialog.getByRole('checkbox', { name: /^IW/u }).check();
    await record.click();
    await expect
      .poll(() => commandsOf(page))
      .toMatchObject([{ type: 'decideException', number: 2, decision: 'repeat', decidedBy: ['CA', 'IW'] }]);
  });

  test('stopping for good wants a reason, two seats, the shown code and three seconds', async () => {
    const page = await stageAt(viewAt(steps.compare));
    await page.getByRole('button', { name: 'Stop the ceremony' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Reason').fill('The bag was torn.');
    await dialog.getByRole('checkbox', { name: /^CA/u }).check();
    await dialog.getByRole('checkbox', { name: /^IW/u }).check();
    await page.clock.runFor(5000);
    const stop = dialog.getByRole('button', { name: /^Stop the ceremony/u });
    expect(await stop.isDisabled()).toBe(true);
    const label = (await dialog.getByText(/^Type [A-Z0-9]{4} to confirm$/u).textContent()) ?? '';
    await dialog.getByLabel(label).fill(label.slice(5, 9).toLowerCase());
    expect(await stop.isDisabled()).toBe(true);
    await page.clock.runFor(3100);
    await stop.click();
    await expect.poll(() => commandsOf(page)).toEqual([{ type: 'abort', reason: 'The bag was torn.', decidedBy: ['CA', 'IW'] }]);
  });

  test('after an interlude the head is compared row by row; seven rows are not enough', async () => {
    const page = await stageAt(named('interlude'));
    for (const key of '1234567') await page.keyboard.press(key);
    for (const seat of await page.getByRole('checkbox', { name: /^(CA|IW|SO|CO1|CO2) - /u }).all()) await seat.check();
    const resume = page.getByRole('button', { name: 'Resume' });
    expect(await resume.isDisabled()).toBe(true);
    await page.getByRole('checkbox').nth(7).check();
    await resume.click();
    expect(await commandsOf(page)).toEqual([{ type: 'resume', headMatches: true, present: ['CA', 'IW', 'SO', 'CO1', 'CO2'] }]);
  });

  test('recovery looks before it asks, and adopting is decided by two', async () => {
    const page = await stageAt(named('recovery'), { 'ceremony.submit': { ok: true, value: named('recoveryFound') } });
    await page.keyboard.press('d');
    await page.getByText('The token holds exactly one object under it: the act happened.').waitFor();
    await page.getByRole('radio', { name: 'Adopt what is there' }).check();
    await page.getByRole('checkbox', { name: /^CA/u }).check();
    await page.getByRole('checkbox', { name: /^CO1/u }).check();
    await page.getByRole('button', { name: 'Record the decision' }).click();
    expect(await commandsOf(page)).toEqual([{ type: 'inspect' }, { type: 'recover', choice: 'adopt', decidedBy: ['CA', 'CO1'] }]);
  });

  test('what was begun at AWS is looked for there, and nothing is said of a token', async () => {
    const page = await stageAt(named('recoveryAtAws'), { 'ceremony.submit': { ok: true, value: named('recoveryFoundAtAws') } });
    await page.getByText('First AWS KMS is asked what has become of it.', { exact: false }).waitFor();
    expect(await page.getByText('CKA_ID').count()).toBe(0);
    await page.getByRole('button', { name: 'Look in AWS KMS' }).click();
    await page.getByText('Exactly one trace of it was found: the act happened.').waitFor();
    expect(await page.getByText(/The token holds/u).count()).toBe(0);
  });

  test('each seat signs the head that is shown, or says why not', async () => {
    const page = await stageAt(named('signOff'));
    await page.getByLabel('Passphrase of Sol Practice').fill('practice makes safe hands');
    await page.keyboard.press('Enter');
    await page.getByRole('radio', { name: 'CO1 - Cora Practice' }).check();
    await page.getByRole('button', { name: 'I do not agree' }).click();
    await page.getByRole('dialog').getByLabel('Why do you not agree?').fill('I was not there.');
    await page.getByRole('button', { name: 'Record that I do not agree' }).click();
    await expect
      .poll(() => commandsOf(page))
      .toEqual([
        { type: 'sign', seat: 'SO', officer: 'c3'.repeat(8), head: steps.DIGEST },
        { type: 'dissent', seat: 'CO1', reason: 'I was not there.' },
      ]);
  });

  test('changing the seat empties the passphrase of the one before', async () => {
    const page = await stageAt(named('attendance'));
    await page.getByLabel('Passphrase of Sol Practice').fill('secret of Sol');
    await page.getByRole('radio', { name: 'CO1 - Cora Practice' }).check();
    expect(await page.getByLabel('Passphrase of Cora Practice').inputValue()).toBe('');
  });

  test('what cannot be written can be tried again, and that is where focus is', async () => {
    const page = await stageAt(named('halted'), { 'ceremony.retry': { ok: true, value: viewAt(steps.compare) } });
    await expect.poll(() => focused(page)).toBe('Try again');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused(page)).toBe('Row 6 matches');
  });

  test('a dialog that is closed, or whose act is done, gives focus back to the step', async () => {
    const page = await stageAt(viewAt(steps.compare), { 'ceremony.submit': { ok: true, value: viewAt(steps.sealing) } });
    await expect.poll(() => focused(page)).toBe('Row 6 matches');
    await page.keyboard.press('e');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => focused(page)).toBe('Row 6 matches');
    await page.keyboard.press('i');
    await page.getByRole('button', { name: 'Lunch' }).click();
    await page.getByRole('button', { name: 'Pause now' }).click();
    await expect.poll(() => focused(page)).toBe('Seal step (C)');
  });

  test('D goes to the field of a PIN and does not leave a letter in it', async () => {
    const page = await stageAt(named('logIn'));
    await page.getByRole('link', { name: 'Desk' }).focus();
    await page.keyboard.press('d');
    await page.keyboard.type('12');
    expect(await page.getByLabel('CO1 enters the user PIN').inputValue()).toBe('12');
  });

  test('F1 tells what can go wrong here, and ? all keys', async () => {
    const page = await stageAt(viewAt(steps.compare));
    await page.keyboard.press('F1');
    await page.getByText('If a row is misread, call it').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys on the stage' }).waitFor();
  });

  test('a change is said to those who do not see it', async () => {
    const page = await stageAt(viewAt(steps.generate));
    await push(page, viewAt(steps.sealing));
    await expect
      .poll(() => page.getByRole('status').textContent())
      .toBe('Step 3.3 is sealed. Now step 3.4, Read back every attribute.');
  });

  test('a medium is named, its folder is picked in the system’s dialog, and a rehearsal can go back to its practice medium', async () => {
    const page = await stageAt(named('writeOut'), { 'ceremony.clearMedium': { ok: true, value: { out: '', back: '' } } });
    await page.getByText('OUT', { exact: true }).waitFor();
    await page.getByText('The practice medium of this rehearsal').waitFor();
    await expect.poll(() => focused(page)).toBe('Write the bundle onto the OUT medium (D)');
    await page.getByRole('button', { name: 'Choose the folder of OUT' }).click();
    await page.getByText('/media/ada/KEYRITE-OUT').waitFor();
    await page.getByRole('button', { name: 'Use the practice medium' }).click();
    await page.getByText('The practice medium of this rehearsal').waitFor();
    const asked = (await callsOf(page)).filter(({ verb }) => /Medium$/u.test(verb));
    expect(asked.map(({ verb, input }) => [verb, input])).toEqual([
      ['ceremony.pickMedium', { which: 'out' }],
      ['ceremony.clearMedium', { which: 'out' }],
    ]);
  });

  test('in production a medium without a folder is the next thing to choose', async () => {
    const page = await stageAt(named('writeBack'));
    await page.getByText('None chosen. Put the medium labelled BACK in and choose its folder.').waitFor();
    await expect.poll(() => focused(page)).toBe('Choose the folder of BACK');
    expect(await page.getByRole('button', { name: 'Use the practice medium' }).count()).toBe(0);
  });

  test('the countdown counts by itself, changes its words when a limit passes, and is heard only then', async () => {
    const page = await stageAt(named('refusedOut'));
    const timer = page.getByRole('timer');
    const heard = page.getByRole('status').filter({ hasText: /wrapping|Wrapping/u });
    await timer.getByText('NEAR.').waitFor();
    const left = await timer.textContent();
    await page.clock.runFor(2 * 60_000);
    expect(await timer.textContent()).not.toBe(left);
    expect(await heard.count()).toBe(0);
    await page.clock.runFor(15 * 60_000);
    await heard.getByText(/only 1[0-4] min/u).waitFor({ state: 'attached' });
    await page.clock.fastForward(20 * 60_000);
    await timer.getByText('TOO LATE to begin wrapping.').waitFor();
    await heard.getByText(/TOO LATE/u).waitFor({ state: 'attached' });
  });
});
