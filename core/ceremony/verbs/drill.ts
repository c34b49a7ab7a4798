import { verb, type VerbFacts } from '../verb-facts';

/** Acts of a drill of the kill switch. */
export const DRILL_VERBS = {
  'drill.calendar': verb('Enter the day of the next drill', { effects: ['calendar.entered'] }),
  'drill.plan': verb('Show what will be stopped', { requires: ['kmsKey.exists'], effects: ['drill.written'] }),
  'drill.baseline': verb('Use the key before the kill', { requires: ['drill.approved'], effects: ['drill.baseline'] }),
  'drill.kill': verb('Kill the proxy', { requires: ['drill.baseline'], effects: ['proxy.killed'] }),
  'drill.crash': verb('End the process while it is killed', {
    requires: ['proxy.killed'],
    effects: ['drill.stillKilled'],
  }),
  'drill.restarted': verb('See that it is still killed', {
    requires: ['proxy.killed'],
    effects: ['drill.stillKilledAfterRestart'],
  }),
  'drill.restored': verb('Use the key again', { requires: ['proxy.armed'], effects: ['drill.restored'] }),
  'drill.reconcile': verb('Hold both sides against each other', {
    requires: ['drill.restored'],
    effects: ['drill.reconciled'],
  }),
} as const satisfies Record<string, VerbFacts>;
