import { z } from 'zod';
import { openJsonFile } from './json-file';

const windowState = z.strictObject({
  bounds: z.strictObject({ x: z.int(), y: z.int(), width: z.int().min(100), height: z.int().min(100) }).nullable(),
  maximized: z.boolean(),
});

export type WindowState = z.infer<typeof windowState>;
export type Bounds = NonNullable<WindowState['bounds']>;

/** Where the main window was when it closed last. */
export function openWindowState(path: string) {
  return openJsonFile<WindowState>(path, windowState, { bounds: null, maximized: false });
}

/** Remembered bounds are used only while they still lie on a screen: the projector of last time may be unplugged. */
export function visibleBounds(bounds: Bounds | null, screens: readonly Bounds[]): Bounds | null {
  if (!bounds) return null;
  const isReachable = screens.some(
    (screen) =>
      bounds.x + bounds.width > screen.x + 100 &&
      bounds.x < screen.x + screen.width - 100 &&
      bounds.y >= screen.y - 10 &&
      bounds.y < screen.y + screen.height - 100,
  );
  return isReachable ? bounds : null;
}
