import type { Medium, TokenUser } from './command';

/** What the engine knows of an act at the rim without doing it. */
export interface VerbFacts {
  readonly title: string;
  /** Must not happen twice by itself: an intent without a result leads to inspection, never to a repeat. */
  readonly once: boolean;
  /** The token login the act needs. */
  readonly login: TokenUser | null;
  /** The PIN that is entered with the act; `fresh`: a new one, entered twice. */
  readonly pin: { readonly user: TokenUser; readonly fresh: boolean } | null;
  /** The person must type the token's serial first, because the act erases. */
  readonly erases: boolean;
  /** The medium that must be in the station, labelled so, or null. */
  readonly medium: Medium | null;
  /** Facts that must hold before, and facts that hold after: every script is linted against both. */
  readonly requires: readonly string[];
  readonly effects: readonly string[];
}

function verb(title: string, facts: Partial<Omit<VerbFacts, 'title'>>): VerbFacts {
  return { title, once: false, login: null, pin: null, erases: false, medium: null, requires: [], effects: [], ...facts };
}

/** Every act a script may ask for. A new verb is a line here, a file in `core/station/acts`, and a test. */
export const VERBS = {
  'station.preflight': verb('Check this station', { effects: ['station.checked'] }),
  'token.open': verb('Read the module and the token', { effects: ['token.open'] }),
  'token.initialise': verb('Erase and initialise the token', {
    once: true,
    pin: { user: 'so', fresh: true },
    erases: true,
    requires: ['token.open'],
    effects: ['token.initialised'],
  }),
  'token.setUserPin': verb('Set the crypto officers’ PIN', {
    once: true,
    login: 'so',
    pin: { user: 'user', fresh: true },
    requires: ['token.initialised', 'token.soLoggedIn'],
    effects: ['token.userPinSet'],
  }),
  'token.loginSo': verb('Log in as HSM security officer', {
    pin: { user: 'so', fresh: false },
    requires: ['token.open'],
    effects: ['token.soLoggedIn'],
  }),
  'token.login': verb('Log in as crypto officer', {
    pin: { user: 'user', fresh: false },
    requires: ['token.open'],
    effects: ['token.loggedIn'],
  }),
  'token.logout': verb('Log out', { requires: ['token.open'], effects: ['token.loggedOut'] }),
  'token.preflight': verb('Check that the token can do what is planned', {
    login: 'user',
    requires: ['token.loggedIn'],
    effects: ['token.fits'],
  }),
  'token.inventoryBefore': verb('List every object on the token', {
    login: 'user',
    requires: ['token.loggedIn'],
    effects: ['inventory.before'],
  }),
  'token.plan': verb('Draw the key id and write out the template', {
    login: 'user',
    requires: ['token.fits', 'inventory.before'],
    effects: ['template.written'],
  }),
  'token.generate': verb('Generate the key', {
    once: true,
    login: 'user',
    requires: ['template.approved', 'inventory.before'],
    effects: ['key.exists'],
  }),
  'token.readBack': verb('Read every attribute back', { login: 'user', requires: ['key.exists'], effects: ['key.readBack'] }),
  'token.negativeTests': verb('Try what must be refused', { login: 'user', requires: ['key.exists'], effects: ['key.refuses'] }),
  'token.checkValue': verb('Take the key check value and the fingerprint', {
    login: 'user',
    requires: ['key.readBack'],
    effects: ['key.fingerprinted'],
  }),
  'token.secondSession': verb('Read the key again in a second session', {
    login: 'user',
    requires: ['key.fingerprinted'],
    effects: ['key.confirmed'],
  }),
  'token.functionalTest': verb('Use the key once', { login: 'user', requires: ['key.exists'], effects: ['key.works'] }),
  'token.inventoryAfter': verb('List the objects again and compare', {
    login: 'user',
    requires: ['inventory.before', 'key.exists'],
    effects: ['inventory.after'],
  }),
  'token.destroy': verb('Destroy the key', { once: true, login: 'user', requires: ['key.exists'], effects: ['key.destroyed'] }),
  'token.locate': verb('Find the key that exists', {
    login: 'user',
    requires: ['token.loggedIn', 'inventory.before'],
    effects: ['template.written', 'key.exists'],
  }),
  'token.trialWrap': verb('Wrap a throw-away key on trial', {
    login: 'user',
    requires: ['token.loggedIn'],
    effects: ['wrapping.tried'],
  }),
  'token.refusesUntrusted': verb('Try a wrapping key nobody trusts', {
    login: 'user',
    requires: ['key.exists'],
    effects: ['key.refusesUntrusted'],
  }),
  'token.trustWrappingKey': verb('Import the wrapping key as trusted', {
    login: 'so',
    requires: ['out.read', 'token.soLoggedIn'],
    effects: ['wrappingKey.trusted'],
  }),
  'token.wrap': verb('Wrap the key', {
    login: 'user',
    requires: ['wrappingKey.trusted', 'wrapping.tried', 'key.exists'],
    effects: ['key.wrapped'],
  }),
  'token.removeWrappingKey': verb('Remove the wrapping key', {
    login: 'user',
    requires: ['key.wrapped'],
    effects: ['wrappingKey.removed'],
  }),
  'aws.identify': verb('Ask AWS who is calling', { effects: ['aws.identified'] }),
  'aws.planPolicy': verb('Show who may do what with the KMS key', {
    requires: ['aws.identified'],
    effects: ['keyPolicy.written'],
  }),
  'aws.putPolicy': verb('Put the key policy in force', {
    requires: ['kmsKey.exists', 'keyPolicy.approved'],
    effects: ['keyPolicy.put'],
  }),
  'aws.planKey': verb('Write out what AWS will be asked for', {
    requires: ['keyPolicy.approved'],
    effects: ['kmsKey.written'],
  }),
  'aws.createKey': verb('Create the KMS key', { once: true, requires: ['kmsKey.approved'], effects: ['kmsKey.exists'] }),
  'aws.findKey': verb('Look at the KMS key that exists', { requires: ['aws.identified'], effects: ['kmsKey.exists'] }),
  'aws.replicate': verb('Replicate the KMS key', {
    once: true,
    requires: ['material.imported'],
    effects: ['replicas.exist'],
  }),
  'aws.parameters': verb('Fetch wrapping keys and import tokens', {
    requires: ['kmsKey.exists'],
    effects: ['sets.fetched'],
  }),
  'bundle.prepareOut': verb('Write out the bundle for the offline station', {
    requires: ['sets.fetched'],
    effects: ['out.prepared'],
  }),
  'bundle.writeOut': verb('Write the bundle onto the OUT medium', {
    medium: 'out',
    requires: ['out.approved'],
    effects: ['out.written'],
  }),
  'bundle.rereadOut': verb('Read the OUT medium again', { medium: 'out', requires: ['out.written'], effects: ['out.reread'] }),
  'bundle.readOut': verb('Take in the OUT medium', { medium: 'out', effects: ['out.read'] }),
  'bundle.prepareBack': verb('Write out the bundle for the online station', {
    requires: ['key.wrapped'],
    effects: ['back.prepared'],
  }),
  'bundle.writeBack': verb('Write the bundle onto the BACK medium', {
    medium: 'back',
    requires: ['back.approved'],
    effects: ['back.written'],
  }),
  'bundle.rereadBack': verb('Read the BACK medium again', {
    medium: 'back',
    requires: ['back.written'],
    effects: ['back.reread'],
  }),
  'bundle.readBack': verb('Take in the BACK medium', {
    medium: 'back',
    requires: ['out.written'],
    effects: ['back.read'],
  }),
  'aws.planImport': verb('Write out the import', { requires: ['back.read'], effects: ['import.written'] }),
  'aws.import': verb('Import the key material', {
    once: true,
    requires: ['import.approved'],
    effects: ['material.imported'],
  }),
  'aws.importReplicas': verb('Import the key material into each replica', {
    requires: ['import.approved', 'replicas.exist'],
    effects: ['replicas.imported'],
  }),
  'aws.prove': verb('Prove what can be proven', { requires: ['material.imported'], effects: ['import.proven'] }),
  'aws.alias': verb('Give the KMS key its alias', { requires: ['kmsKey.exists'], effects: ['alias.set'] }),
  'aws.planRotation': verb('Write out the rotation', { requires: ['material.imported'], effects: ['rotation.written'] }),
  'aws.rotate': verb('Make the new material the current one', {
    once: true,
    requires: ['rotation.approved'],
    effects: ['material.rotated'],
  }),
  'calendar.enter': verb('Enter what must not be forgotten', { effects: ['calendar.entered'] }),
  'destroy.plan': verb('Show what depends on the key', { effects: ['destruction.written'] }),
  'aws.deleteMaterial': verb('Delete the imported material', {
    once: true,
    requires: ['destruction.approved'],
    effects: ['material.deleted'],
  }),
  'aws.scheduleDeletion': verb('Schedule the deletion of the KMS key', {
    once: true,
    requires: ['destruction.approved'],
    effects: ['deletion.scheduled'],
  }),
  'destroy.certify': verb('Write the certificate of destruction', {
    requires: ['destruction.approved'],
    effects: ['destruction.certified'],
  }),
  'token.healthKey': verb('Make the health key', {
    login: 'user',
    requires: ['token.loggedIn'],
    effects: ['healthKey.exists'],
  }),
  'proxy.credential': verb('Make the credential that AWS KMS signs with', { effects: ['credential.made'] }),
  'tls.request': verb('Make the key and the request for the certificate', { effects: ['certificate.requested'] }),
  'tls.practiceCertificate': verb('Have the rehearsal authority sign', {
    requires: ['certificate.requested'],
    effects: ['certificate.checked'],
  }),
  'tls.readCertificate': verb('Take in the certificate', {
    medium: 'back',
    requires: ['certificate.requested'],
    effects: ['certificate.checked'],
  }),
  'proxy.plan': verb('Write out the settings of the proxy', { effects: ['proxySettings.written'] }),
  'proxy.install': verb('Put the settings in place', {
    requires: ['proxySettings.approved', 'certificate.checked'],
    effects: ['proxy.installed'],
  }),
  'proxy.export': verb('Write the files for the servers onto the OUT medium', {
    medium: 'out',
    requires: ['proxySettings.approved', 'certificate.checked'],
    effects: ['proxy.exported'],
  }),
  'proxy.start': verb('Start the proxy', {
    pin: { user: 'user', fresh: false },
    requires: ['proxy.installed'],
    effects: ['proxy.serving'],
  }),
  'proxy.selfTest': verb('Try the proxy as AWS KMS will', { requires: ['proxy.serving'], effects: ['proxy.tested'] }),
  'proxy.latency': verb('Measure how fast it answers', { requires: ['proxy.tested'], effects: ['proxy.measured'] }),
  'proxy.refuseCaller': verb('Call as somebody who must be refused', {
    requires: ['proxy.serving'],
    effects: ['caller.refused'],
  }),
  'proxy.consoleFile': verb('Write the configuration file for the AWS console', {
    requires: ['credential.made'],
    effects: ['consoleFile.written'],
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
  'aws.disconnectStore': verb('Disconnect the key store', {
    requires: ['keyStore.exists'],
    effects: ['keyStore.disconnected'],
  }),
  'proxy.planArm': verb('Show what is about to be switched on', { effects: ['arming.written'] }),
  'proxy.arm': verb('Arm the proxy', { requires: ['arming.approved'], effects: ['proxy.armed'] }),
  'drill.restored': verb('Use the key again', { requires: ['proxy.armed'], effects: ['drill.restored'] }),
  'drill.reconcile': verb('Hold both sides against each other', {
    requires: ['drill.restored'],
    effects: ['drill.reconciled'],
  }),
  'proxy.look': verb('Look at the proxy', { effects: ['proxy.serving'] }),
  'proxy.planChange': verb('Write out what changes in the settings', { effects: ['proxySettings.written'] }),
  'proxy.reload': verb('Put the settings in force', {
    requires: ['proxySettings.approved'],
    effects: ['proxySettings.inForce'],
  }),
  'aws.planCredential': verb('Write out the new credential', {
    requires: ['keyStore.exists', 'credential.made'],
    effects: ['keyStore.written'],
  }),
  'aws.updateStore': verb('Give AWS KMS the new credential', {
    requires: ['keyStore.approved', 'proxySettings.inForce'],
    effects: ['keyStore.updated'],
  }),
  'proxy.quietCredential': verb('See that the old credential is quiet', {
    requires: ['keyStore.updated'],
    effects: ['credential.quiet'],
  }),
  'store.before': verb('Encrypt something with the key there is', {
    requires: ['kmsKey.exists'],
    effects: ['ciphertext.kept'],
  }),
  'store.after': verb('Decrypt it, and encrypt with the new key', {
    requires: ['ciphertext.kept', 'proxySettings.inForce'],
    effects: ['generations.proven'],
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

export type VerbName = keyof typeof VERBS;

export function verbFacts(name: VerbName): VerbFacts {
  return VERBS[name];
}

export function isVerb(name: string): name is VerbName {
  return Object.hasOwn(VERBS, name);
}

/** Errors after which nobody knows whether the act happened. */
const SILENT_ERRORS: readonly string[] = [
  'token.moduleCrashed',
  'token.timeout',
  'token.device',
  'token.removed',
  'aws.noAnswer',
  'aws.internal',
  'aws.unknown',
];

/** An act that must not happen twice, and whose failure does not say that it did not happen: the token or AWS is asked, by people. */
export function leavesInDoubt(result: {
  readonly operation: string;
  readonly ok: boolean;
  readonly error: { readonly code: string } | null;
}): boolean {
  const once = isVerb(result.operation) && verbFacts(result.operation).once;
  return once && !result.ok && SILENT_ERRORS.includes(result.error?.code ?? '');
}
