import { useEffect, type RefObject } from 'react';
import { isTextField } from '../../shell/key-repeat';

export interface ShortcutActions {
  readonly exception: () => void;
  readonly interlude: () => void;
  readonly keys: () => void;
  readonly help: () => void;
}

const USABLE = ':not([disabled]):not([aria-disabled="true"])';

/** What a key leads to is written on the control itself: `data-shortcut`. A field is entered, a danger button only focused, the rest pressed. */
function press(stage: HTMLElement, key: string): boolean {
  const target = stage.querySelector<HTMLElement>(`[data-shortcut="${key}"]${USABLE}, [data-digit="${key}"]${USABLE}`);
  if (target === null) return false;
  target.focus();
  const isOnlyFocused = isTextField(target) || target.dataset['danger'] !== undefined;
  if (!isOnlyFocused) target.click();
  return true;
}

function actionOf(key: string, actions: ShortcutActions): (() => void) | null {
  switch (key) {
    case 'E':
      return actions.exception;
    case 'I':
      return actions.interlude;
    case '?':
      return actions.keys;
    case 'F1':
      return actions.help;
    default:
      return null;
  }
}

/** One key per verb. Silent in fields, while a dialog is open, with modifiers, and while a key is held down. */
export function useShortcuts(stage: RefObject<HTMLElement | null>, active: boolean, actions: ShortcutActions): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!active || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector('[role="dialog"]') !== null) return;
      if (event.key !== 'F1' && isTextField(event.target)) return;
      const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
      const action = actionOf(key, actions);
      const isTaken = action !== null || (/^[RDC1-9]$/.test(key) && stage.current !== null && press(stage.current, key));
      if (!isTaken) return;
      event.preventDefault();
      action?.();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
}
