import { verb, type VerbFacts } from '../verb-facts';

/** Acts on the XKS proxy: its credential, certificate, settings and latch. */
export const PROXY_VERBS = {
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
  'proxy.planArm': verb('Show what is about to be switched on', { effects: ['arming.written'] }),
  'proxy.arm': verb('Arm the proxy', { requires: ['arming.approved'], effects: ['proxy.armed'] }),
  'proxy.look': verb('Look at the proxy', { effects: ['proxy.serving'] }),
  'proxy.planChange': verb('Write out what changes in the settings', { effects: ['proxySettings.written'] }),
  'proxy.reload': verb('Put the settings in force', {
    requires: ['proxySettings.approved'],
    effects: ['proxySettings.inForce'],
  }),
  'proxy.quietCredential': verb('See that the old credential is quiet', {
    requires: ['keyStore.updated'],
    effects: ['credential.quiet'],
  }),
  'proxy.forgetSecrets': verb('Delete the secrets that nothing needs any more', {
    requires: ['keyStore.proven'],
    effects: ['secrets.forgotten'],
  }),
} as const satisfies Record<string, VerbFacts>;
