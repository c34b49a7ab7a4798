import type { ReactElement } from 'react';
import styles from './qr-code.module.css';

/** Light modules around a code, without which scanners do not find it (ISO/IEC 18004, 5.3.8). */
const QUIET = 4;

/** A QR code, always dark on white: scanners do not read the other way round. `modules`: rows of 0 and 1, 1 is dark. */
export function QrCode({ title, modules }: { readonly title: string; readonly modules: readonly string[] }): ReactElement {
  const size = modules.length + 2 * QUIET;
  const dark = modules.flatMap((row, y) =>
    Array.from(row).flatMap((bit, x) => (bit === '1' ? [`M${String(x + QUIET)} ${String(y + QUIET)}h1v1h-1z`] : [])),
  );
  return (
    <svg
      className={styles.qr}
      viewBox={`0 0 ${String(size)} ${String(size)}`}
      role="img"
      aria-label={title}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={dark.join('')} fill="#000" />
    </svg>
  );
}
