import { mkdir } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { ElectronApplication, Page } from '@playwright/test';
import { inRepository } from '../../core/setup/root.mjs';
import { waitUntilStill } from '../renderer/still';
import { expect, type RunningApp } from './launch';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Legacy mode: Electron offers no second page in which the results of frames could be put together; there are no frames. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  await waitUntilStill(page);
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  const { violations } = await axe.withTags(TAGS).analyze();
  const found = violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html.slice(0, 200)) }));
  expect(found, what).toEqual([]);
}

/** Nothing on any screen was an error or a breach of the content policy. */
export function expectQuiet({ consoleLines }: RunningApp): void {
  expect(consoleLines.filter((line) => /^(pageerror|error|warning)|content security policy|refused to/i.test(line))).toEqual([]);
}

/** Takes the pictures of the documentation, only when asked to: an ordinary run leaves the tree as it is. */
export async function picture(page: Page, name: string): Promise<void> {
  if (process.env['KEYRITE_SCREENSHOTS'] !== '1') return;
  const folder = inRepository('docs', 'images');
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
}

/** The size of the content of the main window. */
export async function resize(electron: ElectronApplication, page: Page, width: number, height: number): Promise<void> {
  await electron.evaluate(
    ({ BrowserWindow }, size) => {
      const main = BrowserWindow.getAllWindows().find((window) => !window.isMenuBarAutoHide());
      main?.setContentSize(size.width, size.height);
    },
    { width, height },
  );
  await expect.poll(() => page.evaluate(() => [window.innerWidth, window.innerHeight])).toEqual([width, height]);
}
