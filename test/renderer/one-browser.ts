import type { Browser, Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launch, openPage, type Look, type OpenedPage } from './browser';
import type { Answers } from './fixtures/fake-bridge';
import { servePages, type ServedPages } from './served-pages';

/** Opens a route of the pages over a fake bridge. The page is closed when its test is over. */
export type Show = (route: string, answers: Answers, look?: Look) => Promise<Page>;

/** One browser and one server of the pages for all tests of a `describe`, ended after the last. */
export function oneBrowser(executable: string | null): Show {
  let pages: ServedPages;
  let browser: Browser;
  let opened: OpenedPage | null = null;
  beforeAll(async () => {
    pages = await servePages();
    browser = await launch(executable ?? '');
  });
  afterEach(async () => {
    await opened?.context.close();
    opened = null;
  });
  afterAll(async () => {
    await browser.close();
    await pages.close();
  });
  return async (route, answers, look) => {
    opened = await openPage(browser, `${pages.address}#/${route}`, answers, look);
    return opened.page;
  };
}
