import forge from 'node-forge';
import { failure, success, type Result } from '../contract/result';
import { isHostName } from '../deployment/host-name';
import { publicKeyDigest, publicPemOf, readRsaKey } from './certificate-key';
import { signWith } from './sign-with';

export interface RequestOrder {
  /** PEM of the private key, RSA of 2048 bits or more; only read */
  readonly key: Uint8Array;
  /** XksProxyUriEndpoint without https:// */
  readonly host: string;
  /** for CAs that want one; 1 to 64 characters */
  readonly organization?: string;
}

export interface CertificateRequest {
  /** PKCS#10 as PEM: what a CA is given. No secret. */
  readonly pem: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo), hex */
  readonly publicKeySha256: string;
}

/** RFC 5280, upper bounds: organizationName has 64 characters. A control or direction character could mislead whoever signs. */
const ORGANIZATION = /^(?=\S)[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,64}(?<=\S)$/u;

const refuse = (name: string, problem: string) => failure('input.invalid', { name, problem });

export function nameField(name: 'commonName' | 'organizationName', value: string): forge.pki.CertificateField {
  const utf8 = forge.asn1.Type.UTF8 as unknown as forge.asn1.Class;
  return { name, value, valueTagClass: utf8 };
}

/**
 * A certificate request (PKCS#10, RFC 2986) for the proxy's host: CN and SAN are the host, because AWS KMS looks at the CN and
 * everybody else at the SAN. Signed with SHA-256.
 */
export function certificateRequest({ key: pem, host, organization }: RequestOrder): Result<CertificateRequest> {
  if (!isHostName(host)) return refuse('host', 'Write the host name that AWS KMS calls, in lower case, such as xks.example.com.');
  if (host.length > 64) return refuse('host', 'A CN has 64 characters at most (RFC 5280), and AWS KMS asks for the host in it.');
  if (organization !== undefined && !ORGANIZATION.test(organization))
    return refuse('organization', 'Write 1 to 64 characters, without control characters, or leave it out.');
  const key = readRsaKey(pem);
  if (key === null) return refuse('key', 'It is no RSA key of 2048 bits or more as PEM without a passphrase.');
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.publicKeyFromPem(publicPemOf(key));
  const fields = organization === undefined ? [] : [nameField('organizationName', organization)];
  request.setSubject([...fields, nameField('commonName', host)]);
  const names = { name: 'subjectAltName', altNames: [{ type: 2, value: host }] };
  request.setAttributes([{ name: 'extensionRequest', extensions: [names] }]);
  const signer = signWith(
    key,
    () => (request as unknown as { certificationRequestInfo: forge.asn1.Asn1 }).certificationRequestInfo,
  );
  request.sign(signer, forge.md.sha256.create());
  return success({
    pem: forge.pki.certificationRequestToPem(request).replaceAll('\r', ''),
    publicKeySha256: publicKeyDigest(key),
  });
}
