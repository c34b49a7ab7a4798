import { useEffect, useState, type ReactElement } from 'react';
import { announce } from '../announce';
import styles from './twice-button.module.css';

/** A double click is one decision; the second press counts from here on. */
const WAKES_MS = 500;
/** Whoever walked away has not confirmed. */
const SLEEPS_MS = 6000;

interface TwiceButtonProps {
  readonly label: string;
  /** what it says after the first press */
  readonly again: string;
  /** what it takes; its place is the hint's after the first press */
  readonly calm: string;
  /** what the second press does, and how it is taken back; read aloud, too */
  readonly hint: string;
  readonly pending: boolean;
  readonly onPress: () => void;
}

/**
 * The control of a kill: two presses of the same button, half a second to six seconds apart. It does not dwell, as a button for what
 * cannot be undone does: in three seconds of waiting a stolen credential decrypts thousands of data keys, and what is killed by mistake
 * can be armed again. It stays where it is and as large as it is, no focus is ever put on it, and a key held down presses it once.
 */
export function TwiceButton({ label, again, calm, hint, pending, onPress }: TwiceButtonProps): ReactElement {
  const [pressedAt, setPressedAt] = useState<number | null>(null);
  useEffect(() => {
    if (pressedAt === null) return undefined;
    announce(`${again}. ${hint}`);
    const timer = setTimeout(() => setPressedAt(null), SLEEPS_MS);
    return () => clearTimeout(timer);
  }, [pressedAt, again, hint]);
  const press = (): void => {
    if (pending) return;
    if (pressedAt === null) {
      setPressedAt(performance.now());
    } else if (performance.now() - pressedAt >= WAKES_MS) {
      setPressedAt(null);
      onPress();
    }
  };
  const isWaiting = pressedAt !== null;
  return (
    <div className={styles.place}>
      <button
        type="button"
        className={`${styles.button ?? ''} ${isWaiting ? (styles.again ?? '') : ''}`}
        aria-disabled={pending}
        data-danger=""
        onClick={press}
        onBlur={() => setPressedAt(null)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setPressedAt(null);
        }}
      >
        <svg className={styles.sign} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
          <path d="M10 2h12l8 8v12l-8 8H10l-8-8V10z" fill="currentColor" />
          <path d="M9 16h14" className={styles.bar} />
        </svg>
        <span className={styles.words}>
          <span className={isWaiting ? styles.unseen : undefined}>{label}</span>
          <span className={isWaiting ? undefined : styles.unseen}>{again}</span>
        </span>
      </button>
      <div className={styles.words}>
        <p className={isWaiting ? styles.unseen : styles.calm}>{calm}</p>
        <p className={isWaiting ? styles.hint : styles.unseen}>{hint}</p>
      </div>
    </div>
  );
}
