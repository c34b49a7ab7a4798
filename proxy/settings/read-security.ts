import { isLoopback } from './patterns';
import { needed, samplePath, type Reading } from './reading';
import type { Settings } from './settings';

/** TLS is on where it is said to be, or where [tls] is there and nothing is said. */
function wantsTls({ form }: Reading): boolean {
  return form.security?.is_tls_enabled ?? form.tls !== undefined;
}

function readClient(reading: Reading): NonNullable<Settings['tls']>['client'] {
  const { form, remarks } = reading;
  if (form.security?.is_mtls_enabled !== true) return null;
  remarks.warning(
    'security.is_mtls_enabled',
    'AWS lists mutual TLS with external key stores as deprecated, and public CAs stop issuing client certificates',
    'Limit the source networks instead, or use a VPC endpoint service; SigV4 authenticates every request anyway.',
  );
  const remedy = 'AWS KMS shows a certificate for cks.kms.REGION.amazonaws.com of Amazon Trust Services.';
  const ca = samplePath(reading, 'tls.mtls_client_ca_pem', form.tls?.mtls_client_ca_pem);
  const subject = form.tls?.mtls_client_dns_name;
  return {
    caFile: needed(reading, 'tls.mtls_client_ca_pem', ca, '', remedy),
    subject: needed(reading, 'tls.mtls_client_dns_name', subject === '' ? undefined : subject, '', remedy),
  };
}

export function readTls(reading: Reading): Settings['tls'] {
  const { form, remarks } = reading;
  if (!wantsTls(reading)) {
    if (form.security?.is_mtls_enabled === true) {
      remarks.error(
        'security.is_mtls_enabled',
        'asks for client certificates without TLS',
        'Set is_tls_enabled = true, or is_mtls_enabled = false.',
      );
    }
    return null;
  }
  const certificate = samplePath(reading, 'tls.tls_cert_pem', form.tls?.tls_cert_pem);
  const key = samplePath(reading, 'tls.tls_key_pem', form.tls?.tls_key_pem);
  return {
    certificateFile: needed(
      reading,
      'tls.tls_cert_pem',
      certificate,
      '',
      'Name the PEM file with the certificate and its chain.',
    ),
    keyFile: needed(reading, 'tls.tls_key_pem', key, '', 'Name the PEM file with the private key of the certificate.'),
    client: readClient(reading),
  };
}

/** What the sample calls secondary authorization is Cedar here: a policy that cannot be carried over must not be dropped in silence. */
function judgeSecondaryAuth({ form, remarks }: Reading): void {
  const scheme = form.security?.secondary_auth;
  if (scheme !== undefined) {
    remarks.error(
      'security.secondary_auth',
      scheme === 'Oso'
        ? 'asks for an Oso policy, which this proxy does not read'
        : `asks for ${JSON.stringify(scheme)}, which this proxy does not know`,
      'Write the rules as a Cedar policy and name it with [authorization] policy_file; resources/policies has examples, keyrite policy try shows what a policy does. Then take secondary_auth and [security.oso] out.',
    );
  } else if (form.security?.oso !== undefined) {
    remarks.warning('security.oso', 'has no effect', 'Take it out; rules are Cedar policies here: [authorization] policy_file.');
  }
}

export function readSigV4({ form, remarks }: Reading, host: string): boolean {
  const isOn = form.security?.is_sigv4_auth_enabled ?? true;
  if (isOn) return true;
  if (isLoopback(host)) {
    remarks.warning(
      'security.is_sigv4_auth_enabled',
      'lets every user of this computer use the keys',
      'Set it to true for anything but a trial.',
    );
  } else {
    remarks.error(
      'security.is_sigv4_auth_enabled',
      `lets everybody who reaches ${host} use the keys`,
      'Set it to true. Without SigV4 the proxy serves 127.0.0.1 only.',
    );
  }
  return false;
}

export function readAuthorization(reading: Reading): Settings['authorization'] {
  judgeSecondaryAuth(reading);
  const table = reading.form.authorization;
  if (table === undefined) return null;
  const remedy = 'Name the Cedar policy file, or take [authorization] out: then every correctly signed caller may use the keys.';
  return { policyFile: needed(reading, 'authorization.policy_file', table.policy_file, '', remedy) };
}
