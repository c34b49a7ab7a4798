import { create } from 'qrcode';

/** Light modules around a code, without which scanners do not find it (ISO/IEC 18004, 5.3.8). */
const QUIET = 4;

/**
 * The QR code of a text out of `digestText` or `blobTexts`, level M, without its light border: one string of 0 and 1 per row, 1 is
 * dark. Square, 17 + 4 times the version across.
 * @throws RangeError for a text that has other characters than the alphanumeric mode
 */
export function qrModules(text: string): readonly string[] {
  if (!/^[0-9A-Z $%*+./:-]+$/.test(text)) throw new RangeError('Not a text for the alphanumeric mode of a QR code.');
  const { modules } = create([{ data: text, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' });
  return Array.from({ length: modules.size }, (_, y) =>
    Array.from({ length: modules.size }, (__, x) => (modules.get(y, x) === 0 ? '0' : '1')).join(''),
  );
}

/** The code as an SVG document, dark on white with its border, whatever the colours around it. `title` is for those who hear it. */
export function qrSvg(modules: readonly string[], title: string): string {
  const size = modules.length + 2 * QUIET;
  const path = modules.flatMap((row, y) =>
    [...row.matchAll(/1+/g)].map(({ 0: run, index }) => `M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`),
  );
  const label = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" role="img" aria-label="${label}" shape-rendering="crispEdges">`,
    `<rect width="${size}" height="${size}" fill="#fff"/><path d="${path.join('')}" fill="#000"/></svg>`,
  ].join('');
}

/** Two rows of modules per line of text, for they are half as wide as a character is high. */
const HALVES = { '00': '█', '01': '▀', '10': '▄', '11': ' ' } as const;

/**
 * The code as lines for a terminal with light text on dark ground: what is light in the code is inked, border included. Where the
 * terminal understands colours, `qrLines` in white on black is right on every ground.
 */
export function qrLines(modules: readonly string[]): readonly string[] {
  const width = modules.length + 2 * QUIET;
  const light = '0'.repeat(width);
  const border = Array.from({ length: QUIET }, () => light);
  const side = '0'.repeat(QUIET);
  const rows = [...border, ...modules.map((row) => `${side}${row}${side}`), ...border];
  return Array.from({ length: Math.ceil(rows.length / 2) }, (_, i) => {
    const [upper = light, lower = light] = rows.slice(2 * i, 2 * i + 2);
    return Array.from(upper, (bit, x) => HALVES[pairOf(bit, lower[x])]).join('');
  });
}

function pairOf(upper: string, lower: string | undefined): keyof typeof HALVES {
  if (upper === '1') return lower === '1' ? '11' : '10';
  return lower === '1' ? '01' : '00';
}
