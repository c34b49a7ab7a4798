import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from 'vitest';
import { complaintsOf, SMALL } from './browser';
import * as answers from './fixtures/answers';
import type { Answers, FakeWindow } from './fixtures/fake-bridge';
import type { Show } from './one-browser';
import { waitUntilStill } from './still';

/** Pictures for whoever wants to see what was tested; not kept in the repository. */
const PICTURES = '.cache/screens';

/** A screen in a state that is looked at. */
export interface Shown {
  readonly name: string;
  readonly route: string;
  readonly answers: Answers;
  /** Seen when the screen is there. */
  readonly heading: string | RegExp;
  /** Brings the screen into the state to look at. */
  readonly then?: (page: Page) => Promise<void>;
}

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const DARK = { ...answers.settings, appearance: 'dark' } as const;

/** What axe has against the page as it is now, by all its rules or by these. */
export async function axeFinds(page: Page, rules?: string[]): Promise<readonly unknown[]> {
  await waitUntilStill(page);
  // What passes is not described: that takes axe a third of its time, and nobody reads it.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  // Behind an open dialog the page is out of reach, and looked at without one elsewhere.
  if ((await page.getByRole('dialog').count()) > 0) axe.include('[role="dialog"]');
  const { violations } = await (rules === undefined ? axe.withTags(TAGS) : axe.withRules(rules)).analyze();
  return violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html.slice(0, 200)) }));
}

/** Nothing is cut off at the side, and the page complained of nothing. */
export async function expectWhole(page: Page, picture: string): Promise<void> {
  await page.screenshot({ path: `${PICTURES}/${picture}.png` });
  const spill = await page.evaluate(() => {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
    return [scrollWidth - clientWidth, scrollHeight - clientHeight];
  });
  expect(spill).toEqual([0, 0]);
  expect(await complaintsOf(page)).toEqual([]);
}

/** Drawn whole in light, in dark and in a small window, and axe finds nothing against it. */
export async function expectDrawn(show: Show, screen: Shown): Promise<void> {
  const page = await show(screen.route, screen.answers);
  await page.getByRole('heading', { name: screen.heading }).first().waitFor();
  await screen.then?.(page);
  expect(await axeFinds(page)).toEqual([]);
  await expectWhole(page, `${screen.name}-light`);
  await page.evaluate((settings) => {
    (window as unknown as FakeWindow).push('settings.changed', settings);
  }, DARK);
  await page.locator('body.awsui-dark-mode').waitFor({ state: 'attached' });
  expect(await axeFinds(page, ['color-contrast'])).toEqual([]);
  await expectWhole(page, `${screen.name}-dark`);
  await page.setViewportSize(SMALL);
  await expectWhole(page, `${screen.name}-small`);
}
