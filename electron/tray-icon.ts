import type { ProxyLight } from './proxy-light';

type Shape = (x: number, y: number) => boolean;

const ring: Shape = (x, y) => Math.hypot(x, y) <= 0.9 && Math.hypot(x, y) >= 0.6;
const disc: Shape = (x, y) => Math.hypot(x, y) <= 0.9;
/** a filled square with a cross cut out of it */
const crossed: Shape = (x, y) => {
  const isInside = Math.abs(x) <= 0.85 && Math.abs(y) <= 0.85;
  const isCross = Math.min(Math.abs(x - y), Math.abs(x + y)) < 0.22 && Math.abs(x) < 0.6;
  return isInside && !isCross;
};
const triangle: Shape = (x, y) => y <= 0.8 && y >= -0.85 && Math.abs(x) <= (y + 0.85) * 0.55;

/** Shape first, colour second: blue, red, orange and grey are far apart for every kind of eye, and the shapes for all. BGR. */
const LOOKS: Readonly<Record<ProxyLight, { readonly shape: Shape; readonly bgr: readonly [number, number, number] }>> = {
  serving: { shape: disc, bgr: [0xd3, 0x72, 0x09] },
  killed: { shape: crossed, bgr: [0x12, 0x15, 0xd1] },
  trouble: { shape: triangle, bgr: [0x00, 0x8a, 0xe6] },
  idle: { shape: ring, bgr: [0x90, 0x88, 0x80] },
};

const SAMPLES = 4;

/** Share of a pixel that the shape covers. */
function coverage(shape: Shape, px: number, py: number, size: number): number {
  let hits = 0;
  for (let i = 0; i < SAMPLES * SAMPLES; i++) {
    const x = (px + ((i % SAMPLES) + 0.5) / SAMPLES) / size;
    const y = (py + (Math.floor(i / SAMPLES) + 0.5) / SAMPLES) / size;
    if (shape(2 * x - 1, 2 * y - 1)) hits += 1;
  }
  return hits / (SAMPLES * SAMPLES);
}

/** The icon of a state as pixels: BGRA with alpha multiplied in, row by row, as nativeImage takes it. */
export function iconPixels(light: ProxyLight, size: number): Uint8Array {
  const { shape, bgr } = LOOKS[light];
  const pixels = new Uint8Array(size * size * 4);
  for (let at = 0; at < size * size; at++) {
    const share = coverage(shape, at % size, Math.floor(at / size), size);
    for (const [channel, value] of bgr.entries()) pixels[4 * at + channel] = Math.round(value * share);
    pixels[4 * at + 3] = Math.round(255 * share);
  }
  return pixels;
}
