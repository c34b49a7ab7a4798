import { describe, expect, it } from 'vitest';
import { visibleBounds } from '../../electron/window-bounds';

const screens = [
  { x: 0, y: 0, width: 1920, height: 1080 },
  { x: 1920, y: 0, width: 1024, height: 768 },
];

describe('remembered bounds', () => {
  it('are used while they lie on a screen', () => {
    const bounds = { x: 2000, y: 10, width: 900, height: 600 };
    expect(visibleBounds(bounds, screens)).toEqual(bounds);
  });

  it.each([
    ['the second screen is unplugged', { x: 2000, y: 10, width: 900, height: 600 }, screens.slice(0, 1)],
    ['the title bar is above the screen', { x: 10, y: -300, width: 900, height: 600 }, screens],
    ['it is below the screen', { x: 10, y: 5000, width: 900, height: 600 }, screens],
    ['nothing is remembered', null, screens],
  ])('are dropped when %s', (_, bounds, on) => {
    expect(visibleBounds(bounds, on)).toBeNull();
  });
});
