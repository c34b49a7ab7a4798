import type { Locator, Page } from '@playwright/test';
import type { People } from './cast';

/** What the stage can ask for. */
export type Asked =
  | 'sealed'
  | 'decision'
  | 'login'
  | 'inspection'
  | 'recovery'
  | 'return'
  | 'reading'
  | 'seal'
  | 'credential'
  | 'choice'
  | 'entry'
  | 'tick'
  | 'row'
  | 'erasing'
  | 'pin'
  | 'act';

/**
 * What the screen asks for at this moment, or null while it works. Looked at in one go, so that nothing changes between two looks;
 * answers are then given by role and label.
 */
export function askedBy(page: Page): Promise<Asked | null> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('main button, main input')].filter(
      (control) => !control.matches(':disabled, [aria-disabled="true"]'),
    );
    const offers = (words: RegExp): boolean => controls.some((control) => words.test(control.textContent));
    const radios = controls.filter((control) => control.matches('[type="radio"]')).length;
    const shows = (words: RegExp): boolean =>
      [...document.querySelectorAll('main button')].some((button) => words.test(button.textContent));
    const labels = [...document.querySelectorAll('main label')].map((label) => label.textContent);
    const labelled = (words: RegExp): boolean => labels.some((label) => words.test(label));
    const headed = (words: RegExp): boolean =>
      [...document.querySelectorAll('main h2, main h3')].some((heading) => words.test(heading.textContent));
    const isLoggingIn = headed(/^The token has to be logged in/);
    const order: readonly (readonly [Asked, boolean])[] = [
      ['sealed', headed(/ is sealed$/)],
      ['decision', offers(/^Decide exception|^Decide$/)],
      ['login', isLoggingIn && offers(/^Log in to the token/)],
      ['inspection', offers(/^(Inspect the token|Look in AWS KMS)/)],
      ['recovery', headed(/its result is not known$/) && radios > 0],
      ['return', !isLoggingIn && headed(/^The ceremony is paused/)],
      ['reading', offers(/^I have read this aloud/)],
      ['seal', offers(/^Seal step/)],
      ['credential', offers(/^(Sign in|Approve|Sign) as/)],
      ['choice', shows(/^Record the choice/)],
      ['entry', shows(/^Record this entry/)],
      ['tick', offers(/Tick line/)],
      ['row', offers(/^Row \d+ matches/)],
      ['erasing', labelled(/^Typed confirmation/)],
      ['pin', !isLoggingIn && labelled(/PIN$/)],
      ['act', offers(/\(D\)$/)],
    ];
    return order.find(([, isAsked]) => isAsked)?.[0] ?? null;
  });
}

/** All that a move changes: title, heads, seats and rows. Without clocks, which change by themselves. */
export function seen(page: Page): Promise<string> {
  return page.evaluate(() =>
    [...document.querySelectorAll('main h2, main h3, main footer strong, main ul[aria-label] li, main fieldset p')]
      .map((part) => part.textContent)
      .join('\n'),
  );
}

async function present(page: Page, { passphrase, dissent }: People): Promise<void> {
  const main = page.getByRole('main');
  if (dissent !== null && (await main.getByRole('button', { name: `Sign as ${dissent.seat}`, exact: true }).count()) > 0)
    return refuse(page, dissent.reason);
  await main.getByLabel(/^Passphrase of/).fill(passphrase);
  await main.getByRole('button', { name: /^(Sign in|Approve|Sign) as/ }).click();
}

async function refuse(page: Page, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'I do not agree' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why do you not agree?').fill(reason);
  await dialog.getByRole('button', { name: 'Record that I do not agree' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

/** Two people of two roles. */
async function tickTwo(within: Locator): Promise<void> {
  await within.getByRole('checkbox', { name: /^CA/ }).check();
  await within.getByRole('checkbox', { name: /^IW/ }).check();
}

async function decide(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^Decide exception/ })
    .first()
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: 'Go on' }).check();
  await dialog.getByLabel('Reason').fill('It is understood and accepted.');
  await dialog.getByLabel('Who follows it up').fill('Ada Practice');
  await tickTwo(dialog);
  await dialog.getByRole('button', { name: 'Record the decision' }).click();
  await dialog.waitFor({ state: 'hidden' });
}

async function recover(main: Locator): Promise<void> {
  const adopt = main.getByRole('radio', { name: 'Adopt what is there' });
  const isThere = (await adopt.count()) > 0;
  await (isThere ? adopt : main.getByRole('radio', { name: 'Do the act again' })).check();
  await tickTwo(main);
  if (isThere) return main.getByRole('button', { name: 'Record the decision' }).click();
  const code = main.getByLabel(/^Type [A-Z0-9]{4} to confirm$/);
  const label = await main.getByText(/^Type [A-Z0-9]{4} to confirm$/).textContent();
  await code.fill(label?.slice(5, 9) ?? '');
  await main.getByRole('button', { name: 'Do the act again', exact: true }).click();
}

async function comeBack(main: Locator): Promise<void> {
  for (const box of await main.getByRole('checkbox').all()) await box.check();
  await main.getByRole('button', { name: 'Resume' }).click();
  // ticking changes the screen too: only the end of the break says that the answer was taken
  await main.getByRole('heading', { name: 'The ceremony is paused' }).waitFor({ state: 'hidden' });
}

async function choose(main: Locator): Promise<void> {
  await main.getByRole('radio').first().check();
  await main.getByRole('button', { name: 'Record the choice (C)' }).click();
}

async function enter(main: Locator, { serial, entries }: People): Promise<void> {
  const label = (await main.locator('label').first().textContent()) ?? '';
  const known = Object.entries(entries).find(([word]) => label.includes(word));
  await main
    .getByRole('textbox')
    .first()
    .fill(known?.[1] ?? serial);
  await main.getByRole('button', { name: 'Record this entry' }).click();
}

/** Fills the PIN fields that are there; a new PIN is asked for twice. */
async function fillPin(main: Locator, { userPin, soPin }: People): Promise<void> {
  const isSo = (await main.getByLabel(/security officer \(SO\) PIN$/).count()) > 0;
  const pin = isSo ? soPin : userPin;
  await main.getByLabel(/PIN$/).first().fill(pin);
  const again = main.getByLabel('The same PIN again');
  if ((await again.count()) > 0) await again.fill(pin);
}

async function givePin(main: Locator, people: People): Promise<void> {
  await fillPin(main, people);
  await main.getByLabel(/PIN$/).first().press('Enter');
}

async function erase(main: Locator, people: People): Promise<void> {
  const shown = await main.getByText('Type exactly this to arm it').locator('xpath=following::p[1]').textContent();
  await main.getByLabel('Typed confirmation').fill(shown ?? '');
  await fillPin(main, people);
  await main.getByRole('button', { name: /^Erase/ }).click();
}

/** Gives what is asked for, as a person would: by what stands on the screen. */
export async function answer(page: Page, asked: Asked, people: People): Promise<void> {
  const main = page.getByRole('main');
  const press = (name: RegExp): Promise<void> => main.getByRole('button', { name }).first().click();
  switch (asked) {
    case 'sealed':
      return;
    case 'decision':
      return decide(page);
    case 'login':
    case 'pin':
      return givePin(main, people);
    case 'inspection':
      return press(/^(Inspect the token|Look in AWS KMS)/);
    case 'recovery':
      return recover(main);
    case 'return':
      return comeBack(main);
    case 'reading':
      return press(/^I have read this aloud/);
    case 'seal':
      return press(/^Seal step/);
    case 'credential':
      return present(page, people);
    case 'choice':
      return choose(main);
    case 'entry':
      return enter(main, people);
    case 'tick':
      return press(/Tick line/);
    case 'row':
      return press(/^Row \d+ matches/);
    case 'erasing':
      return erase(main, people);
    case 'act':
      return press(/\(D\)$/);
  }
}
