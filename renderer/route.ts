import { useSyncExternalStore } from 'react';

export const SCREENS = ['desk', 'ceremony', 'proxy', 'keys', 'evidence', 'settings'] as const;
export type Screen = (typeof SCREENS)[number];

/** Every route, and the room of the navigation it belongs to. */
const ROOMS = {
  desk: 'desk',
  calendar: 'desk',
  ceremony: 'ceremony',
  start: 'ceremony',
  proxy: 'proxy',
  keys: 'keys',
  policy: 'keys',
  evidence: 'evidence',
  settings: 'settings',
} as const satisfies Record<string, Screen>;

export type Route = keyof typeof ROOMS;

export function roomOf(route: Route): Screen {
  return ROOMS[route];
}

function isRoute(name: string): name is Route {
  return Object.hasOwn(ROOMS, name);
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

function current(): Route {
  const [name = ''] = window.location.hash.slice(2).split('?');
  return isRoute(name) ? name : 'desk';
}

/** The screen lives in the address's fragment: a reload stays where it was, and nothing but the page is asked. */
export function useRoute(): Route {
  return useSyncExternalStore(subscribe, current);
}

/** @param given what the screen is to begin with, by name; no secret, for it stands in the address */
export function go(route: Route, given: Readonly<Record<string, string>> = {}): void {
  const query = new URLSearchParams(given).toString();
  window.location.hash = `/${route}${query === '' ? '' : `?${query}`}`;
}

/** What the screen was opened with. */
export function given(): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(window.location.hash.split('?')[1] ?? ''));
}
