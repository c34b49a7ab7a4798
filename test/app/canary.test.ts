import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { groupOf, packIn, verifyPackOf } from './death';
import { pick, serialOnDesk } from './desk';
import { expect, test, type RunningApp } from './launch';
import type { People } from './cast';
import { playToSeal, playUntilAsked } from './people';

const CANARY = { passphrase: 'canary sings at four o clock', userPin: '73190264', soPin: '58402719' } as const;
const OFFICERS = { CA: 'Nora', IW: 'Omar', SO: 'Petra', CO1: 'Quentin', CO2: 'Rosa' } as const;

/** A secret as it could lie in a file. */
function formsOf(secret: string): Buffer[] {
  const bytes = Buffer.from(secret);
  const written = [secret, bytes.toString('base64').replace(/=+$/, ''), bytes.toString('hex')];
  return [...written.map((text) => Buffer.from(text)), Buffer.from(secret, 'utf16le')];
}

const NEEDLES = Object.values(CANARY).flatMap(formsOf);

function expectNone(haystack: Buffer, where: string): void {
  expect(NEEDLES.filter((needle) => haystack.includes(needle)).map(String), where).toEqual([]);
}

function readIfThere(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** What any other program of the same person could read of the app's processes. */
function expectNotInProcesses({ process: app }: RunningApp): void {
  const processes = groupOf(app.pid ?? 0);
  expect(processes.length).toBeGreaterThan(2);
  for (const pid of processes)
    for (const part of ['environ', 'cmdline']) {
      const path = `/proc/${String(pid)}/${part}`;
      expectNone(readIfThere(path), path);
    }
}

/** The report's text, which is compressed in its file; null where nothing here reads it. */
function reportText(path: string): Buffer | null {
  const { status, stdout } = spawnSync('pdftotext', [path, '-']);
  return status === 0 ? stdout : null;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

async function enrol(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Enrol an officer' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByLabel('Passphrase', { exact: true }).fill(CANARY.passphrase);
  await dialog.getByLabel('Passphrase again').fill(CANARY.passphrase);
  await dialog.getByRole('button', { name: 'Enrol on this station' }).click();
  await expect(dialog).toBeHidden({ timeout: 30_000 });
}

/** Officers of the ceremony's own in the seats, and a blank token. */
async function start(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Settings' }).click();
  for (const name of Object.values(OFFICERS)) await enrol(page, name);
  await page.getByRole('link', { name: 'Desk' }).click();
  await page.getByRole('button', { name: 'Start a rehearsal' }).click();
  await pick(page, 'Token', 'Blank or to be erased');
  for (const [seat, name] of Object.entries(OFFICERS)) {
    await page.getByLabel(new RegExp(`^${seat} - `)).click();
    await page.getByRole('option', { name }).click();
  }
  await page.getByRole('button', { name: 'Begin the ceremony' }).click();
  await expect(page.getByRole('button', { name: 'I have read this aloud (R)' })).toBeVisible({ timeout: 30_000 });
}

test.skip(process.platform !== 'linux', 'Processes are looked at through /proc.');

test('PINs and passphrases of a ceremony are in no file and no process', async ({ app, data }) => {
  test.setTimeout(300_000);
  const { page } = app;
  const people: People = { ...CANARY, serial: await serialOnDesk(page), entries: {}, dissent: null };
  await start(page);
  await playUntilAsked(page, people, 'erasing');
  expectNotInProcesses(app);
  await playUntilAsked(page, people, 'tick');
  expectNotInProcesses(app);
  await playToSeal(page, people);
  expectNotInProcesses(app);
  await page.getByRole('button', { name: 'Go to the evidence' }).click();
  await expect(page.getByRole('button', { name: /^Verify hsm-key-/ })).toBeVisible();

  const files = filesIn(data);
  expect(files.some((path) => path.endsWith('transcript.jsonl'))).toBe(true);
  expect(files.some((path) => path.endsWith('keyrite.log'))).toBe(true);
  for (const path of files) expectNone(readFileSync(path), path);
  // the scan finds what is there: the same way of looking sees the label of the key
  expect(readFileSync(join(packIn(data), 'transcript.jsonl')).includes('xks-root-1')).toBe(true);
  expect(verifyPackOf(data)).toContain('THE PACK HOLDS');
  const report = reportText(join(packIn(data), 'report.pdf'));
  test.skip(report === null, 'The text of the report was not looked at: pdftotext (poppler-utils) is not here.');
  expectNone(report ?? Buffer.alloc(0), 'report.pdf');
  expect(report?.includes('xks-root-1')).toBe(true);
});
