import type { ElectronApplication } from '@playwright/test';
import type { Medium } from '../../core/ceremony/command';
import { expect, type RunningApp } from './launch';

/** The system's own dialog, which no test can click: it answers this folder from now on. */
function answerDialogs(electron: ElectronApplication, folder: string): Promise<void> {
  return electron.evaluate(({ dialog }, path) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
  }, folder);
}

/** Puts a medium into the station: the person picks its folder at the step that needs it. */
export async function chooseMedium({ electron, page }: RunningApp, which: Medium, folder: string): Promise<void> {
  await answerDialogs(electron, folder);
  await page.getByRole('button', { name: `Choose the folder of ${which.toUpperCase()}` }).click();
  await expect(page.getByRole('main').getByText(folder)).toBeVisible();
}
