import { verb, type VerbFacts } from '../verb-facts';

/** Acts on proxies that run on servers of one's own, out of this station's reach: what they did is read from their logs. */
export const SERVER_VERBS = {
  'servers.readLogs': verb('Take in the logs of the servers', { medium: 'back', effects: ['servers.logsRead'] }),
} as const satisfies Record<string, VerbFacts>;
