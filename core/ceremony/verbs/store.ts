import { verb, type VerbFacts } from '../verb-facts';

/** Acts on external key stores at AWS KMS, and on the KMS keys in them. */
export const STORE_VERBS = {
  'aws.lookAtService': verb('Look at the endpoint service', {
    requires: ['aws.identified'],
    effects: ['endpointService.looked'],
  }),
  'aws.planStore': verb('Write out the key store', { requires: ['aws.identified'], effects: ['keyStore.written'] }),
  'aws.createStore': verb('Create the key store', {
    once: true,
    requires: ['keyStore.approved', 'proxy.tested'],
    effects: ['keyStore.exists'],
  }),
  'aws.connectStore': verb('Connect the key store', { requires: ['keyStore.exists'], effects: ['keyStore.connected'] }),
  'aws.planStoreKey': verb('Write out the KMS key', {
    requires: ['keyPolicy.approved', 'keyStore.connected'],
    effects: ['kmsKey.written'],
  }),
  'aws.createStoreKey': verb('Create the KMS key in the key store', {
    once: true,
    requires: ['kmsKey.approved', 'keyStore.connected'],
    effects: ['kmsKey.exists'],
  }),
  'aws.findStore': verb('Look at the key store that exists', {
    requires: ['aws.identified'],
    effects: ['keyStore.exists'],
  }),
  'aws.findStoreKey': verb('Look at its KMS key', { requires: ['keyStore.exists'], effects: ['kmsKey.exists'] }),
  'aws.proveStore': verb('Use the key through AWS KMS', { requires: ['kmsKey.exists'], effects: ['keyStore.proven'] }),
  'store.alarms': verb('Write the alarms', { requires: ['keyStore.exists'], effects: ['alarms.written'] }),
  'store.calendar': verb('Enter what must not be forgotten', { effects: ['calendar.entered'] }),
  'aws.disconnectStore': verb('Disconnect the key store', {
    requires: ['keyStore.exists'],
    effects: ['keyStore.disconnected'],
  }),
  'aws.planCredential': verb('Write out the new credential', {
    requires: ['keyStore.exists', 'credential.made'],
    effects: ['keyStore.written'],
  }),
  'aws.updateStore': verb('Give AWS KMS the new credential', {
    requires: ['keyStore.approved', 'proxySettings.inForce'],
    effects: ['keyStore.updated'],
  }),
  'store.before': verb('Encrypt something with the key there is', {
    requires: ['kmsKey.exists'],
    effects: ['ciphertext.kept'],
  }),
  'store.after': verb('Decrypt it, and encrypt with the new key', {
    requires: ['ciphertext.kept', 'proxySettings.inForce'],
    effects: ['generations.tried'],
  }),
  'aws.planDisconnect': verb('Show what becomes unavailable', {
    requires: ['keyStore.exists'],
    effects: ['keyStore.written'],
  }),
  'store.planRetire': verb('Show what goes with the key store', {
    requires: ['keyStore.exists'],
    effects: ['keyStore.written'],
  }),
  'store.scheduleKeys': verb('Schedule the deletion of its KMS keys', {
    requires: ['keyStore.approved'],
    effects: ['keys.scheduled'],
  }),
  'aws.deleteStore': verb('Delete the key store', {
    requires: ['keyStore.approved', 'keyStore.disconnected'],
    effects: ['keyStore.deleted'],
  }),
} as const satisfies Record<string, VerbFacts>;
