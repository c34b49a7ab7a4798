import type { Page } from '@playwright/test';

/**
 * Waits until nothing on the page is in the middle of a transition: axe would measure the contrast of a colour that nobody sees for
 * longer than a frame. What has no end (a spinner) is not waited for. Short as they are with reduced motion, transitions are there,
 * and of an inherited colour one follows the other down the tree: still is what stays so over two frames.
 */
export async function waitUntilStill(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const moving = (): Animation[] =>
      document
        .getAnimations()
        .filter(({ playState, effect }) => playState === 'running' && effect?.getComputedTiming().endTime !== Infinity);
    for (let stillFrames = 0; stillFrames < 2; stillFrames += 1) {
      const animations = moving();
      if (animations.length > 0) stillFrames = -1;
      await Promise.allSettled(animations.map(({ finished }) => finished));
      await new Promise((drawn) => requestAnimationFrame(drawn));
    }
  });
}
