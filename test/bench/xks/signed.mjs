/** XKS requests signed as KMS signs them, for the load: good for the five minutes of their time stamp. */
import { createHash, createHmac } from 'node:crypto';

export const CREDENTIAL = { id: 'BENCHBENCHBENCHBENCH234567', secret: 'BenchSecretBenchSecretBenchSecretBenchSecret0123' };
export const REGION = 'eu-west-1';

const METADATA = {
  awsPrincipalArn: 'arn:aws:iam::123456789012:user/Alice',
  kmsKeyArn: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  kmsOperation: 'Encrypt',
  kmsRequestId: '4112f4d6-db54-4af4-ae30-c55a22a8dfae',
};

const hex = (data) => createHash('sha256').update(data).digest('hex');
const mac = (key, data) => createHmac('sha256', key).update(data).digest();

/** One POST to `path` at `host` (with port). */
export function signed(host, path, body) {
  const text = JSON.stringify(body);
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/${REGION}/kms-xks-proxy/aws4_request`;
  const canonical = `POST\n${path}\n\nhost:${host}\nx-amz-date:${time}\n\nhost;x-amz-date\n${hex(text)}`;
  const key = scope.split('/').reduce((secret, part) => mac(secret, part), `AWS4${CREDENTIAL.secret}`);
  const signature = mac(key, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${hex(canonical)}`).toString('hex');
  return {
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      'x-amz-date': time,
      authorization: `AWS4-HMAC-SHA256 Credential=${CREDENTIAL.id}/${scope}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    },
    body: text,
  };
}

export const encryptPath = (label) => `/kms/xks/v1/keys/${label}/encrypt`;
export const decryptPath = (label) => `/kms/xks/v1/keys/${label}/decrypt`;

export function encryptBody(bytes, wantsCdiv) {
  return {
    requestMetadata: METADATA,
    plaintext: Buffer.alloc(bytes, 0x5a).toString('base64'),
    encryptionAlgorithm: 'AES_GCM',
    ...(wantsCdiv ? { ciphertextDataIntegrityValueAlgorithm: 'SHA_256' } : {}),
  };
}

/** The decrypt request that undoes an encrypt answer. */
export function decryptBody({ ciphertext, initializationVector, authenticationTag, ciphertextMetadata }) {
  return {
    requestMetadata: { ...METADATA, kmsOperation: 'Decrypt' },
    encryptionAlgorithm: 'AES_GCM',
    ciphertext,
    initializationVector,
    authenticationTag,
    ...(ciphertextMetadata ? { ciphertextMetadata } : {}),
  };
}

/** Sends one signed request with fetch and answers its JSON; anything but 200 is an error of the bench. */
export async function ask(url, path, body) {
  const { headers, body: text } = signed(new URL(url).host, path, body);
  const response = await fetch(url + path, { method: 'POST', headers, body: text });
  const answer = await response.json();
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
