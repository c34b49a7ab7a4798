import { useSyncExternalStore, type ReactElement } from 'react';

let message = '';
const listeners = new Set<() => void>();

/** Says a result to people who do not see it. */
export function announce(text: string): void {
  // The same sentence twice is two events: the trailing space makes it a change.
  message = text === message ? `${text}\u00a0` : text;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The one live region of the page. */
export function Announcer(): ReactElement {
  const text = useSyncExternalStore(subscribe, () => message);
  return (
    <div className="only-heard" role="status" aria-live="polite">
      {text}
    </div>
  );
}
