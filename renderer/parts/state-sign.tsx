import type { ReactElement } from 'react';
import styles from './state-sign.module.css';

export type SignShape = 'circle' | 'octagon' | 'triangle' | 'square' | 'diamond' | 'ring';
export type SignTone = 'good' | 'bad' | 'warning' | 'calm';

const OUTLINES: Readonly<Record<SignShape, string>> = {
  circle: 'M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40z',
  octagon: 'M15.7 4h16.6L44 15.7v16.6L32.3 44H15.7L4 32.3V15.7z',
  triangle: 'M24 4l22 39H2z',
  square: 'M5 5h38v38H5z',
  diamond: 'M24 2l22 22-22 22L2 24z',
  ring: 'M24 4a20 20 0 1 1 0 40 20 20 0 0 1 0-40zm0 7a13 13 0 1 0 0 26 13 13 0 0 0 0-26z',
};

const GLYPHS: Readonly<Record<SignShape, string>> = {
  circle: 'M14 25l7 7 13-15',
  octagon: 'M13 24h22',
  triangle: 'M24 18v12m0 4v4',
  square: 'M18 15v18m12-18v18',
  diamond: 'M17 17l14 14m0-14L17 31',
  ring: 'M24 17v7l5 3',
};

/** A state that is seen from across the room: by shape and mark, and only then by colour. Its word stands beside it. */
export function StateSign({ shape, tone }: { readonly shape: SignShape; readonly tone: SignTone }): ReactElement {
  return (
    <svg
      className={`${styles.sign ?? ''} ${styles[tone] ?? ''}`}
      viewBox="0 0 48 48"
      aria-hidden="true"
      focusable="false"
      data-shape={shape}
    >
      <path d={OUTLINES[shape]} className={styles.outline} fillRule="evenodd" />
      <path d={GLYPHS[shape]} className={shape === 'ring' ? styles.hand : styles.glyph} />
    </svg>
  );
}
