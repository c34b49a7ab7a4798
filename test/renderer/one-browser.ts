import type { Browser, Page } from '@playwright/test';
import { afterAll, beforeAll, inject } from 'vitest';
import { blankPage, launch, loadPage, ORDINARY, type Look } from './browser';
import type { Answers } from './fixtures/fake-bridge';

/** Loads a route of the pages over a fake bridge, and ends what the test before had on the page. */
export type Show = (route: string, answers: Answers, look?: Look) => Promise<Page>;

/**
 * One browser with one page for all tests of a `describe`, loaded anew for each: its scripts are compiled once, and that is half of
 * what it takes to show a screen. The pages keep nothing but in the document, so nothing is left of the test before.
 */
export function oneBrowser(executable: string | null): Show {
  let browser: Browser;
  let page: Page;
  let loads = 0;
  beforeAll(async () => {
    browser = await launch(executable ?? '');
    page = await blankPage(browser);
  });
  afterAll(async () => {
    await browser.close();
  });
  return async (route, answers, look = ORDINARY) => {
    loads += 1;
    // Another query is another document; with another fragment alone the old one would stay.
    await loadPage(page, `${inject('pages')}?${String(loads)}#/${route}`, answers, look);
    return page;
  };
}
