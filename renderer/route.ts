import { useSyncExternalStore } from 'react';

export const SCREENS = ['desk', 'ceremony', 'keys', 'evidence', 'settings'] as const;
export type Screen = (typeof SCREENS)[number];
export type Route = Screen | 'start';

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function current(): Route {
  const name = window.location.hash.slice(2);
  if (name === 'start') return 'start';
  return SCREENS.find((screen) => screen === name) ?? 'desk';
}

/** The screen lives in the address's fragment: a reload stays where it was, and nothing but the page is asked. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

export function go(route: Route): void {
  window.location.hash = `/${route}`;
}
