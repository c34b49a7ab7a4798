import { verb, type VerbFacts } from '../verb-facts';

/** Acts on the station itself and its calendar. */
export const STATION_VERBS = {
  'station.preflight': verb('Check this station', { effects: ['station.checked'] }),
  'calendar.enter': verb('Enter what must not be forgotten', { effects: ['calendar.entered'] }),
} as const satisfies Record<string, VerbFacts>;
