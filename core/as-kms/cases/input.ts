import { LEAST_PLAINTEXT_BYTES } from '../../xks/wire';
import type { XksApi } from '../../xks/uri';
import { base64, decryptBody, encryptBody, healthBody, metadataBody, type Members } from '../bodies';
import type { Encrypted } from '../encrypted';
import { errorNameOf, inWords, type Exchange } from '../exchange';
import { fails, holds, untested, type Judgement } from '../judgement';
import { each, isSuccess, probes, refusedWith, type Probe } from '../probes';
import { proxyCase, type CaseTexts, type ProxyCase } from '../proxy-case';
import type { Session } from '../session';
import { plainOf } from './encrypt';

/** What is sent in place of a proper body. */
interface Sent {
  readonly api: XksApi;
  readonly body: Members;
  readonly rawBody?: string;
}

interface InputCase extends Pick<CaseTexts, 'name' | 'expects'> {
  readonly variants: (encrypt: Members, decrypt: Members, sample: Encrypted) => Readonly<Record<string, Sent>>;
  readonly judge: (seen: readonly Probe[]) => Judgement;
  readonly remedy?: string;
}

function inputCase({ variants, judge, remedy, ...own }: InputCase): ProxyCase {
  return proxyCase({
    ...own,
    theme: 'input',
    needs: 'ciphertext',
    means: 'KMS, or whoever has the credential, gets another answer than the specification names for a bad request.',
    remedy: remedy ?? 'Answer 400 ValidationException to a body that is not as it must be, before the HSM is asked.',
    run: async (session): Promise<readonly Probe[] | string> => {
      const sample = await session.ciphertext();
      if ('problem' in sample) return sample.problem;
      return sendEach(session, variants(encryptBody(session.who, sample.plain), decryptBody(session.who, sample.sealed), sample));
    },
    judge: (seen) => (typeof seen === 'string' ? untested(seen) : judge(seen)),
  });
}

async function sendEach(session: Session, variants: Readonly<Record<string, Sent>>): Promise<readonly Probe[]> {
  const requests = Object.entries(variants).map(([what, { api, body, rawBody }]): [string, () => Promise<Exchange>] => [
    what,
    () => session.send(api, body, rawBody === undefined ? {} : { rawBody }),
  ]);
  return probes(Object.fromEntries(requests));
}

function without(body: Members, member: string): Members {
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
}

function missing(api: XksApi, body: Members, members: readonly string[]): Record<string, Sent> {
  return Object.fromEntries(members.map((member) => [`${api} without ${member}`, { api, body: without(body, member) }]));
}

function lacking(api: XksApi, body: Members, members: readonly string[]): Record<string, Sent> {
  const metadata = body['requestMetadata'] as Members;
  return Object.fromEntries(
    members.map((member) => [
      `${api} without requestMetadata.${member}`,
      { api, body: { ...body, requestMetadata: without(metadata, member) } },
    ]),
  );
}

const validation = refusedWith('ValidationException');
/** The specification's table gives a missing part of a ciphertext to either. */
const validationOrCiphertext = refusedWith('ValidationException', 'InvalidCiphertextException');

/** Too much of something: any refusal of the specification in JSON, or success; never silence or a broken connection. */
const answeredSomehow = each(({ what, exchange }) => {
  const isNamed = exchange.kind === 'answer' && exchange.status >= 400 && exchange.status < 502 && errorNameOf(exchange) !== '';
  return isSuccess(exchange) || (isNamed && exchange.status !== 500)
    ? holds(inWords(exchange))
    : fails(`${what}: ${inWords(exchange)}`);
});

/** Bytes whose standard base64 holds + and /, respelt in the URL-safe alphabet. */
const URL_SAFE = base64(Uint8Array.from({ length: 33 }, (_, i) => [0xfb, 0xef, 0xff][i % 3] ?? 0))
  .replaceAll('+', '-')
  .replaceAll('/', '_');

const NOT_BASE64: Readonly<Record<string, string>> = {
  'the URL-safe alphabet': URL_SAFE,
  'no padding': 'QUJDRA',
  'other characters': 'QUJ*RA==',
};

export const INPUT_CASES: readonly ProxyCase[] = [
  inputCase({
    name: 'not-json',
    expects: 'A body that is not a JSON object is a ValidationException.',
    variants: (encrypt, decrypt) => ({
      'Encrypt, no JSON': { api: 'Encrypt', body: encrypt, rawBody: 'plaintext=abc' },
      'Encrypt, JSON cut off': { api: 'Encrypt', body: encrypt, rawBody: JSON.stringify(encrypt).slice(0, -1) },
      'Encrypt, empty body': { api: 'Encrypt', body: encrypt, rawBody: '' },
      'Encrypt, an array': { api: 'Encrypt', body: encrypt, rawBody: '[]' },
      'Decrypt, null': { api: 'Decrypt', body: decrypt, rawBody: 'null' },
      'GetKeyMetadata, a number': { api: 'GetKeyMetadata', body: {}, rawBody: '1' },
    }),
    judge: validation,
  }),
  inputCase({
    name: 'missing-members',
    expects:
      'A required member that is missing is a ValidationException; a missing part of the ciphertext may be an InvalidCiphertextException.',
    variants: (encrypt, decrypt) => ({
      ...missing('Encrypt', encrypt, ['requestMetadata', 'plaintext', 'encryptionAlgorithm']),
      ...missing('Decrypt', decrypt, [
        'requestMetadata',
        'encryptionAlgorithm',
        'ciphertext',
        'initializationVector',
        'authenticationTag',
      ]),
      ...missing('GetKeyMetadata', metadataBody({ awsPrincipalArn: 'AWS Internal', kmsKeyArn: '' }), ['requestMetadata']),
    }),
    judge: each((probe) =>
      /Decrypt without (ciphertext|init|auth)/.test(probe.what) ? validationOrCiphertext([probe]) : validation([probe]),
    ),
  }),
  inputCase({
    name: 'missing-metadata',
    expects: 'requestMetadata without a required member is a ValidationException.',
    variants: (encrypt, decrypt) => ({
      ...lacking('Encrypt', encrypt, ['awsPrincipalArn', 'kmsKeyArn', 'kmsOperation', 'kmsRequestId']),
      ...lacking('Decrypt', decrypt, ['awsPrincipalArn', 'kmsKeyArn', 'kmsOperation', 'kmsRequestId']),
    }),
    judge: validation,
  }),
  inputCase({
    name: 'wrong-types',
    expects: 'A member of another type is a ValidationException.',
    variants: (encrypt, decrypt) => ({
      'plaintext a number': { api: 'Encrypt', body: { ...encrypt, plaintext: 7 } },
      'plaintext null': { api: 'Encrypt', body: { ...encrypt, plaintext: null } },
      'AAD an object': { api: 'Encrypt', body: { ...encrypt, additionalAuthenticatedData: {} } },
      'requestMetadata text': { api: 'Encrypt', body: { ...encrypt, requestMetadata: 'none' } },
      'ciphertext an array': { api: 'Decrypt', body: { ...decrypt, ciphertext: ['QUJD'] } },
    }),
    judge: validation,
  }),
  inputCase({
    name: 'wrong-algorithm',
    expects: 'Another encryptionAlgorithm, or another integrity algorithm, is a ValidationException.',
    variants: (encrypt, decrypt) => ({
      'Encrypt with AES_CBC': { api: 'Encrypt', body: { ...encrypt, encryptionAlgorithm: 'AES_CBC' } },
      'Decrypt with AES_CBC': { api: 'Decrypt', body: { ...decrypt, encryptionAlgorithm: 'AES_CBC' } },
      'an integrity value with MD5': { api: 'Encrypt', body: { ...encrypt, ciphertextDataIntegrityValueAlgorithm: 'MD5' } },
    }),
    judge: validation,
  }),
  inputCase({
    name: 'bad-base64',
    expects: 'What is not base64 of the standard alphabet is refused with 400.',
    variants: (encrypt, decrypt) =>
      Object.fromEntries(
        Object.entries(NOT_BASE64).flatMap(([what, text]): [string, Sent][] => [
          [`plaintext, ${what}`, { api: 'Encrypt', body: { ...encrypt, plaintext: text } }],
          [`AAD, ${what}`, { api: 'Encrypt', body: { ...encrypt, additionalAuthenticatedData: text } }],
          [`ciphertext, ${what}`, { api: 'Decrypt', body: { ...decrypt, ciphertext: text } }],
        ]),
      ),
    judge: validationOrCiphertext,
    remedy: 'Decode base64 strictly (RFC 4648 section 4): a lenient decoder encrypts other bytes than were meant.',
  }),
  inputCase({
    name: 'oversize-fields',
    expects: 'Far more AAD or plaintext than KMS sends is answered with an error of the specification, or taken.',
    variants: (encrypt) => ({
      'AAD of 16 KiB': { api: 'Encrypt', body: { ...encrypt, additionalAuthenticatedData: base64(new Uint8Array(16_384)) } },
      'plaintext of 64 KiB': { api: 'Encrypt', body: { ...encrypt, plaintext: base64(new Uint8Array(65_536)) } },
      'an ARN of 100,000 characters': {
        api: 'Encrypt',
        body: {
          ...encrypt,
          requestMetadata: { ...(encrypt['requestMetadata'] as Members), awsPrincipalArn: 'a'.repeat(100_000) },
        },
      },
    }),
    judge: answeredSomehow,
    remedy: 'Cap bodies and answer 400 or 501 in JSON, not with a closed connection or a 500.',
  }),
  proxyCase({
    name: 'giant-aad',
    theme: 'input',
    needs: 'ciphertext',
    isOnlyByName: true,
    expects: 'AAD of 70,000 bytes, more than two bytes of length can tell, leaves the proxy serving.',
    means: 'Whoever has the credential can end the proxy with one request.',
    remedy: 'Check the AAD’s length in Decrypt too, before it is framed.',
    kmsSays: 'XKS_PROXY_NOT_REACHABLE',
    run: async (session) => {
      const sample = await session.ciphertext();
      if ('problem' in sample) return sample.problem;
      const giant = { ...sample.sealed, aad: new Uint8Array(70_000) };
      const plain = { ...plainOf(LEAST_PLAINTEXT_BYTES), aad: giant.aad };
      return probes({
        Decrypt: () => session.send('Decrypt', decryptBody(session.who, giant)),
        Encrypt: () => session.send('Encrypt', encryptBody(session.who, plain)),
        'GetHealthStatus afterwards': () => session.send('GetHealthStatus', healthBody()),
      });
    },
    judge: (seen) => (typeof seen === 'string' ? untested(seen) : answeredSomehow(seen)),
  }),
];
