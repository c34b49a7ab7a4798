import { describe, expect, test } from 'vitest';
import { findChromium, PROJECTOR } from './browser';
import { axeFinds, expectDrawn, expectWhole } from './drawn';
import * as answers from './fixtures/answers';
import { stationAnswers, type FakeWindow } from './fixtures/fake-bridge';
import { VIEWS } from './fixtures/views';
import { oneBrowser } from './one-browser';

const executable = findChromium();
if (executable === null) process.stderr.write('SKIPPED: no Chromium here; the stage was not looked at in a browser.\n');

describe.skipIf(executable === null)('every state of a ceremony in a browser', () => {
  const show = oneBrowser(executable);

  test.each(Object.entries(VIEWS))(
    'stage-%s is drawn whole in light, in dark and in a small window, and axe finds nothing against it',
    (name, view) =>
      expectDrawn(show, { name: `stage-${name}`, route: 'ceremony', answers: stationAnswers(view), heading: view.title }),
  );

  test('the projector shows every state in large type and has nothing to type into or press', async () => {
    const projector = { ok: true, value: { ...answers.info, window: 'projector' } } as const;
    const page = await show('', stationAnswers(null, { 'app.info': projector }), PROJECTOR);
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
      await expectWhole(page, `projector-${name}`);
    }
  }, 180_000);

  test('at 200 % zoom a step can be used without sideways scrolling', async () => {
    const page = await show('ceremony', stationAnswers(VIEWS['compare'] ?? null), { width: 683, height: 430 });
    await page.getByRole('button', { name: 'Row 6 matches' }).waitFor();
    expect(await axeFinds(page)).toEqual([]);
    await expectWhole(page, 'stage-compare-zoomed');
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
