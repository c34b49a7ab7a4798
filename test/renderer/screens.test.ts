import { mkdir } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findChromium, launch, openPage, ORDINARY, PROJECTOR, SMALL, type Look, type OpenedPage } from './browser';
import * as answers from './fixtures/answers';
import { stationAnswers, type Answers, type FakeWindow } from './fixtures/fake-bridge';
import { KMS_SCREENS } from './fixtures/kms-screens';
import { notSetUp } from './fixtures/proxy';
import { PROXY_SCREENS } from './fixtures/proxy-screens';
import { VIEWS } from './fixtures/views';
import { servePages, type ServedPages } from './served-pages';
import { waitUntilStill } from './still';

const executable = findChromium();
if (executable === null) process.stderr.write('SKIPPED: no Chromium here; the screens were not looked at in a browser.\n');

/** Pictures for whoever wants to see what was tested; not kept in the repository. */
const PICTURES = '.cache/screens';

interface Shown {
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

const empty = { ok: true, value: [] } as const;
const fresh = {
  'desk.get': { ok: true, value: answers.freshDesk },
  'officers.list': empty,
  'evidence.list': empty,
  'proxy.get': { ok: true, value: notSetUp },
} as const;

function dialog(name: string, open: (page: Page) => Promise<void>): Shown {
  const view = VIEWS['compare'] ?? null;
  return {
    name: `dialog-${name}`,
    route: 'ceremony',
    answers: stationAnswers(view),
    heading: view?.title ?? '',
    then: async (page) => {
      await open(page);
      await page.getByRole('dialog').waitFor();
    },
  };
}

const SCREENS: readonly Shown[] = [
  { name: 'desk', route: 'desk', answers: stationAnswers(null), heading: 'Desk' },
  { name: 'desk-fresh', route: 'desk', answers: stationAnswers(null, fresh), heading: 'Your first rehearsal' },
  { name: 'start', route: 'start', answers: stationAnswers(null), heading: 'What you are about to start' },
  {
    name: 'start-production',
    route: 'start',
    answers: stationAnswers(null),
    heading: 'What you are about to start',
    then: async (page) => {
      await page.getByRole('button', { name: 'Fill the seats with practice officers' }).click();
      await page.getByRole('radio', { name: 'Production' }).check();
    },
  },
  { name: 'no-ceremony', route: 'ceremony', answers: stationAnswers(null), heading: 'No ceremony is on the stage' },
  {
    name: 'keys',
    route: 'keys',
    answers: stationAnswers(null),
    heading: 'Keys',
    then: async (page) => {
      await page.getByLabel('User PIN').fill('1234');
      await page.getByRole('button', { name: 'Read the inventory' }).click();
      await page.getByText('old-key').first().waitFor();
    },
  },
  {
    name: 'evidence',
    route: 'evidence',
    answers: stationAnswers(null),
    heading: 'Evidence',
    then: async (page) => {
      await page.getByRole('button', { name: 'Verify hsm-key-20261120-090000' }).click();
      await page.getByRole('region').getByText('The pack is intact').waitFor();
    },
  },
  {
    name: 'evidence-bad',
    route: 'evidence',
    answers: stationAnswers(null),
    heading: 'Evidence',
    then: async (page) => {
      await page.getByRole('button', { name: 'Verify another folder' }).click();
      await page.getByRole('region').getByText('The pack is NOT intact').waitFor();
    },
  },
  { name: 'evidence-empty', route: 'evidence', answers: stationAnswers(null, fresh), heading: 'No evidence yet' },
  {
    name: 'settings',
    route: 'settings',
    answers: stationAnswers(null),
    heading: 'Settings',
    then: async (page) => {
      await page.getByRole('button', { name: 'Test the module' }).click();
      await page.getByRole('heading', { name: 'Tokens it sees' }).waitFor();
    },
  },
  {
    name: 'settings-aws',
    route: 'settings',
    answers: stationAnswers(null),
    heading: 'Settings',
    then: async (page) => {
      await page.getByRole('button', { name: 'Who am I in production?' }).click();
      await page.getByRole('heading', { name: 'Who calls in production' }).waitFor();
      await page.getByText('the same principal as operator').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'start-byok',
    route: 'start',
    answers: stationAnswers(null),
    heading: 'What you are about to start',
    then: async (page) => {
      await page.getByRole('radio', { name: answers.byokChoice.title, exact: true }).check();
      await page.getByRole('radio', { name: 'Production' }).check();
      await page.getByRole('heading', { name: 'Fixed for this ceremony' }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'failure',
    route: 'desk',
    answers: stationAnswers(null, { 'desk.get': { ok: false, error: { code: 'token.removed', detail: { serial: '4f1c' } } } }),
    heading: 'Desk',
  },
  dialog('exception', async (page) => {
    await page.keyboard.press('e');
  }),
  dialog('interlude', async (page) => {
    await page.keyboard.press('i');
  }),
  dialog('keys', async (page) => {
    await page.keyboard.press('?');
  }),
  dialog('stop', (page) => page.getByRole('button', { name: 'Stop the ceremony' }).click()),
  {
    ...dialog('decide', (page) => page.getByRole('button', { name: 'Decide exception 2' }).click()),
    answers: stationAnswers(VIEWS['exception'] ?? null),
  },
  {
    name: 'dialog-enrol',
    route: 'settings',
    answers: stationAnswers(null),
    heading: 'Settings',
    then: async (page) => {
      await page.getByRole('button', { name: 'Enrol an officer' }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  ...KMS_SCREENS,
  ...PROXY_SCREENS,
  ...Object.entries(VIEWS).map(([name, view]) => ({
    name: `stage-${name}`,
    route: 'ceremony',
    answers: stationAnswers(view),
    heading: view.title,
  })),
];

describe.skipIf(executable === null)('the screens in a browser', () => {
  let pages: ServedPages;
  let browser: Browser;

  beforeAll(async () => {
    await mkdir(PICTURES, { recursive: true });
    pages = await servePages();
    browser = await launch(executable ?? '');
  });

  afterAll(async () => {
    await browser.close();
    await pages.close();
  });

  const show = (screen: Pick<Shown, 'route' | 'answers'>, look: Look = ORDINARY): Promise<OpenedPage> =>
    openPage(browser, `${pages.address}#/${screen.route}`, screen.answers, look);

  async function axeFinds(page: Page, rules?: string[]): Promise<readonly unknown[]> {
    await waitUntilStill(page);
    const axe = new AxeBuilder({ page }).setLegacyMode(true);
    // Behind an open dialog the page is out of reach, and looked at without one elsewhere.
    if ((await page.getByRole('dialog').count()) > 0) axe.include('[role="dialog"]');
    const { violations } = await (rules === undefined ? axe.withTags(TAGS) : axe.withRules(rules)).analyze();
    return violations.map(({ id, nodes }) => ({ id, where: nodes.map((node) => node.html.slice(0, 200)) }));
  }

  /** Nothing is cut off at the side, and the page complained of nothing. */
  async function expectWhole({ page, complaints }: OpenedPage, picture: string): Promise<void> {
    await page.screenshot({ path: `${PICTURES}/${picture}.png` });
    const spill = await page.evaluate(() => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
      return [scrollWidth - clientWidth, scrollHeight - clientHeight];
    });
    expect(spill).toEqual([0, 0]);
    expect(complaints).toEqual([]);
  }

  test.each(SCREENS.map((screen) => [screen.name, screen] as const))(
    '%s is drawn whole in light, in dark and in a small window, and axe finds nothing against it',
    async (name, screen) => {
      const opened = await show(screen);
      const { page } = opened;
      await page.getByRole('heading', { name: screen.heading }).first().waitFor();
      await screen.then?.(page);
      expect(await axeFinds(page)).toEqual([]);
      await expectWhole(opened, `${name}-light`);
      await page.evaluate((settings) => {
        (window as unknown as FakeWindow).push('settings.changed', settings);
      }, DARK);
      await page.locator('body.awsui-dark-mode').waitFor({ state: 'attached' });
      expect(await axeFinds(page, ['color-contrast'])).toEqual([]);
      await expectWhole(opened, `${name}-dark`);
      await page.setViewportSize(SMALL);
      await expectWhole(opened, `${name}-small`);
      await opened.context.close();
    },
  );

  test('the projector shows every state in large type and has nothing to type into or press', async () => {
    const projector = { ok: true, value: { ...answers.info, window: 'projector' } } as const;
    const opened = await show({ route: '', answers: stationAnswers(null, { 'app.info': projector }) }, PROJECTOR);
    const { page } = opened;
    await page.getByRole('heading', { name: 'No ceremony is on the stage' }).waitFor();
    for (const [name, view] of Object.entries(VIEWS)) {
      await page.evaluate((next) => {
        (window as unknown as FakeWindow).push('ceremony.changed', next);
      }, view);
      await page.getByRole('heading', { level: 1, name: view.step?.title ?? view.title }).waitFor();
      expect(await page.locator('input, textarea, select, button, a').count(), name).toBe(0);
      // 24 pt at 96 pixels an inch
      expect(await page.evaluate(smallestText), name).toBeGreaterThanOrEqual(32);
      expect(await axeFinds(page), name).toEqual([]);
      await expectWhole(opened, `projector-${name}`);
    }
    await opened.context.close();
  }, 180_000);

  test('at 200 % zoom a step can be used without sideways scrolling', async () => {
    const opened = await show(
      { route: 'ceremony', answers: stationAnswers(VIEWS['compare'] ?? null) },
      { width: 683, height: 430 },
    );
    await opened.page.getByRole('button', { name: 'Row 6 matches' }).waitFor();
    expect(await axeFinds(opened.page)).toEqual([]);
    await expectWhole(opened, 'stage-compare-zoomed');
    await opened.context.close();
  });
});

/** Runs in the page: the smallest size of any text that is seen. */
function smallestText(): number {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const sizes: number[] = [];
  while (texts.nextNode() !== null) {
    const parent = texts.currentNode.parentElement;
    const isSeen = parent !== null && parent.closest('.only-heard, script, style') === null;
    if (isSeen && texts.currentNode.textContent?.trim() !== '') sizes.push(Number.parseFloat(getComputedStyle(parent).fontSize));
  }
  return Math.min(...sizes);
}
