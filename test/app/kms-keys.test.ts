import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CeremonyChoice } from '../../core/contract/values';
import { play } from '../../core/rehearsal/player';
import { PRACTICE, PRACTICE_OFFICERS } from '../../core/rehearsal/practice';
import { expect, test, type RunningApp } from './launch';
import { expectAccessible, expectQuiet, picture, resize } from './looks';
import { stationBehind } from './station-behind';
import { serialOnDesk } from './desk';

const IN_TWENTY_DAYS = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
const ACCOUNT = '111122223333';
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** A whole BYOK ceremony, each act through the bridge: afterwards the rehearsal KMS has a key with imported material. */
async function rehearseByok(app: RunningApp): Promise<void> {
  const serial = await serialOnDesk(app.page);
  const officers = (await app.page.evaluate(() => window.keyrite.call('officers', 'enrolRehearsal', undefined))) as {
    value: { id: string; name: string }[];
  };
  const seats = Object.fromEntries(
    PRACTICE_OFFICERS.map(({ seat, name }) => [seat, officers.value.find((one) => one.name === name)?.id ?? '']),
  );
  const station = await stationBehind(app);
  const choices = await station.choices();
  const byok = choices.ok ? choices.value.find(({ script }) => script === 'byok') : undefined;
  const started = await station.start({
    script: 'byok',
    runMode: 'rehearsal',
    inputs: inputsOf(byok),
    seats: Object.fromEntries(Object.entries(seats).filter(([seat]) => byok?.seats.some((each) => each.seat === seat))),
    typed: '',
  });
  expect(started).toMatchObject({ ok: true });
  const entries = { hsmSerial: serial, expiry: IN_TWENTY_DAYS, owner: 'Ada Practice' };
  const played = await play(station, { ...PRACTICE, entries });
  expect(played).toMatchObject({ ok: true, value: { phase: 'sealed', outcome: 'completed' } });
  await station.leave();
}

function inputsOf(choice: CeremonyChoice | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((choice?.inputs ?? []).map(({ name, value }) => [name, value]));
}

test('a key of a BYOK rehearsal is found in KMS, leads to its next ceremony, and its expiry is on the desk', async ({ app }) => {
  test.setTimeout(480_000);
  const { page, electron } = app;
  await rehearseByok(app);
  await page.reload();
  await resize(electron, page, 1366, 860);
  const dates = page.getByRole('region', { name: 'What must not be forgotten' });
  await expect(dates.getByText('Ada Practice')).toBeVisible();
  await dates.getByRole('button', { name: 'Whole calendar' }).click();
  await expect(page.getByText('Begin now: due in', { exact: false })).toBeVisible();
  await expectAccessible(page, 'calendar');

  await page.getByRole('link', { name: 'Keys' }).click();
  await page.getByRole('tab', { name: 'In AWS KMS' }).click();
  await page.getByRole('button', { name: 'Read the keys' }).click();
  await expect(page.getByText('Enabled')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/Expires in (19|20) days/)).toBeVisible();
  await page.getByRole('button', { name: /^Details of / }).click();
  await expect(page.getByText('0 done, 25 left of the 25 that KMS allows')).toBeVisible();
  await expect(page.getByText(/^byok-\d{8}-\d{6}/).first()).toBeVisible();
  await expectAccessible(page, 'KMS keys');
  await picture(page, 'kms-keys');

  await page.getByRole('button', { name: /^Import the same material again: / }).click();
  await expect(page.getByRole('radio', { name: 'Import the same key material again' })).toBeChecked();
  await expect(page.getByLabel('ARN of the KMS key')).toHaveValue(/^arn:aws:kms:eu-central-1:000000000000:key\//);
  await expect(page.getByLabel('CKA_ID of the key')).toHaveValue(/^[0-9a-f]{32}$/);
  expectQuiet(app);
});

test('people are filled in, judged, saved, and make the policy that is written to a file', async ({ app, data }) => {
  const { page, electron } = app;
  await resize(electron, page, 1366, 860);
  await page.getByRole('link', { name: 'Keys' }).click();
  await page.getByRole('button', { name: 'Who may do what' }).click();
  await page.getByText('Nothing is saved yet').waitFor();
  await page.getByLabel('AWS account of the key').fill(ACCOUNT);
  const fill = async (add: string, field: string, arn: string): Promise<void> => {
    await page.getByRole('button', { name: add, exact: true }).click();
    await page.getByLabel(field, { exact: true }).fill(arn);
  };
  await fill('Add an administrator', 'Administrators 1', 'KeyAdmin1');
  await expect(page.getByRole('group', { name: 'Administrators' }).getByText('is no ARN', { exact: false })).toBeVisible();
  await page.getByLabel('Administrators 1', { exact: true }).fill(role('KeyAdmin1'));
  await fill('Add an administrator', 'Administrators 2', role('KeyAdmin2'));
  await fill('Add an operator A', 'Operator A 1', role('OperatorA'));
  await fill('Add an operator B', 'Operator B 1', role('OperatorA'));
  await expect(page.getByRole('group', { name: 'Operator B' }).getByText('would be operator A and operator B')).toBeVisible();
  await page.getByLabel('Operator B 1', { exact: true }).fill(role('OperatorB'));
  await fill('Add a user', 'Users 1', role('Payments'));
  await fill('Add a break-glass role', 'Break-glass role 1', role('BreakGlass'));

  await expect(page.getByText('Whoever puts this policy can change it again.')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Who can do what' })).toBeVisible();
  await expectAccessible(page, 'policy editor');
  await page.getByRole('button', { name: 'Save these people' }).click();
  await expect(page.getByText('Saved', { exact: true })).toBeVisible();
  expect(JSON.parse(await readFile(join(data, 'key-policy-people.json'), 'utf8'))).toMatchObject({
    account: ACCOUNT,
    operatorB: [role('OperatorB')],
    breakGlass: role('BreakGlass'),
  });
  await picture(page, 'key-policy');

  const file = join(data, 'written-policy.json');
  await electron.evaluate(({ dialog }, path) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: path });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, file);
  await page.getByRole('button', { name: 'Write the policy to a file' }).click();
  await expect.poll(() => readFile(file, 'utf8').catch(() => '')).toContain(role('Payments'));

  // what the app wrote it reads again, and finds no difference to itself; a file of something else is told by its line
  await page.getByRole('button', { name: 'Read a policy file' }).click();
  await expect(page.getByText('Nothing: both say the same.')).toBeVisible();
  await page.getByLabel('Users 1', { exact: true }).fill(role('Invoices'));
  await expect(page.getByRole('region', { name: 'What changes' }).getByText('role/Invoices').first()).toBeVisible();
  await writeFile(file, '{\n  "Version": "2012-10-17",\n  "Statment": []\n}\n');
  await page.getByRole('button', { name: 'Read a policy file' }).click();
  await expect(page.getByText('Line 3, column 3', { exact: false })).toBeVisible();
  await resize(electron, page, 900, 600);
  await expectAccessible(page, 'policy editor, small');
  expectQuiet(app);
});
