import { verb, type VerbFacts } from '../verb-facts';

/** Acts on proxies that run on servers of one's own, out of this station's reach: what they did is read from their logs. */
export const SERVER_VERBS = {
  'servers.readLogs': verb('Take in the logs of the servers', { medium: 'back', effects: ['servers.logsRead'] }),
  'servers.readSettings': verb('Take in the settings of the servers', {
    medium: 'back',
    requires: ['keyStore.exists'],
    effects: ['servers.settingsRead'],
  }),
  'servers.export': verb('Write the new settings for the servers onto the OUT medium', {
    medium: 'out',
    requires: ['servers.settingsRead', 'proxySettings.approved'],
    effects: ['proxySettings.exported'],
  }),
  'servers.join': verb('Hold the uses against the logs of the servers', {
    requires: ['keyStore.proven', 'servers.logsRead'],
    effects: ['keyStore.joined'],
  }),
  'servers.generations': verb('See by the logs which key did what', {
    requires: ['generations.tried', 'servers.logsRead'],
    effects: ['generations.proven'],
  }),
  'servers.planDrill': verb('Show what will be stopped', { requires: ['kmsKey.exists'], effects: ['drill.written'] }),
  'servers.untilRefused': verb('Use the key until nobody serves it', {
    requires: ['drill.baseline'],
    effects: ['proxy.killed'],
  }),
  'servers.stillRefused': verb('Use the key after the restart', {
    requires: ['proxy.killed'],
    effects: ['drill.stillKilled'],
  }),
  'servers.measure': verb('Measure the kill by the logs', {
    requires: ['servers.logsRead', 'drill.stillKilled'],
    effects: ['drill.measured'],
  }),
  'servers.planArm': verb('Show what is about to be switched on', {
    requires: ['servers.logsRead'],
    effects: ['arming.written'],
  }),
  'servers.seeArmed': verb('See that every host was armed by this ceremony', {
    requires: ['servers.logsRead', 'proxy.armed'],
    effects: ['servers.armed'],
  }),
  'servers.reconcile': verb('Hold all logs against the uses', {
    requires: ['drill.restored', 'servers.armed'],
    effects: ['drill.reconciled'],
  }),
} as const satisfies Record<string, VerbFacts>;
