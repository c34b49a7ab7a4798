import * as kmsSdk from '@aws-sdk/client-kms';
import * as stsSdk from '@aws-sdk/client-sts';
import { afterEach, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../../core/contract/errors';
import { ERROR_NAMES } from '../../../core/kms/error-names';
import { awsFailure, mayHaveHappened } from '../../../core/kms/failure';
import { NoAnswer } from '../../../core/kms/transport';
import type { KmsPort } from '../../../core/kms/port';
import { EVERY_CALL, PROXY_SECRET, type Ended } from './every-call';
import { CREDENTIALS, endAll, json, KEY_ID, refuse, rehearsal, standIn, head } from './stand-in';

afterEach(endAll);

function errorClasses(sdk: object, base: abstract new (...args: never[]) => Error): string[] {
  const isOne = (value: unknown): boolean => typeof value === 'function' && base.isPrototypeOf.call(base, value);
  return Object.entries(sdk)
    .filter(([, value]) => isOne(value))
    .map(([name]) => name);
}

const CLASSES = [...errorClasses(kmsSdk, kmsSdk.KMSServiceException), ...errorClasses(stsSdk, stsSdk.STSServiceException)];

describe('the table of AWS’s error names', () => {
  it('has every error class that the SDK of KMS and STS exports', () => {
    expect(CLASSES.length).toBeGreaterThan(50);
    expect(CLASSES.filter((name) => !ERROR_NAMES.has(name))).toEqual([]);
  });

  it('has every name about custom key stores and their proxies', () => {
    const stores = CLASSES.filter((name) => /^(CustomKeyStore|XksProxy|XksKey|CloudHsm)/.test(name));
    expect(stores.length).toBeGreaterThanOrEqual(20);
    for (const name of stores) expect(ERROR_NAMES.get(name), name).not.toBe('aws.unknown');
  });

  it.each([
    ['CustomKeyStoreHasCMKsException', 'aws.storeHasKeys'],
    ['CustomKeyStoreInvalidStateException', 'aws.storeState'],
    ['CustomKeyStoreNameInUseException', 'aws.storeNameInUse'],
    ['CustomKeyStoreNotFoundException', 'aws.storeNotFound'],
    ['KMSInternalException', 'aws.internal'],
    ['KMSInvalidStateException', 'aws.invalidState'],
    ['LimitExceededException', 'aws.limit'],
    ['XksKeyAlreadyInUseException', 'aws.xksKeyInUse'],
    ['XksKeyInvalidConfigurationException', 'aws.xksKeyInvalid'],
    ['XksKeyInvalidResponseException', 'aws.proxyResponse'],
    ['XksKeyNotFoundException', 'aws.xksKeyNotFound'],
    ['XksProxyIncorrectAuthenticationCredentialException', 'aws.proxyCredential'],
    ['XksProxyInvalidConfigurationException', 'aws.proxyConfiguration'],
    ['XksProxyInvalidResponseException', 'aws.proxyResponse'],
    ['XksProxyUriEndpointInUseException', 'aws.proxyEndpointInUse'],
    ['XksProxyUriInUseException', 'aws.proxyUriInUse'],
    ['XksProxyUriUnreachableException', 'aws.proxyUnreachable'],
    ['XksProxyVpcEndpointServiceInUseException', 'aws.endpointServiceInUse'],
    ['XksProxyVpcEndpointServiceInvalidConfigurationException', 'aws.endpointServiceInvalid'],
    ['XksProxyVpcEndpointServiceNotFoundException', 'aws.endpointServiceNotFound'],
  ])('tells apart what people need told apart of external key stores: %s', (name, code) => {
    expect(ERROR_NAMES.get(name)).toBe(code);
  });

  it('answers codes of the closed list only', () => {
    for (const code of ERROR_NAMES.values()) expect(ERROR_CODES).toContain(code);
  });
});

type Call = (kms: KmsPort) => Promise<Ended>;

async function refusedWith(name: string, message = 'because', status = 400, call: Call = EVERY_CALL.enableKey) {
  const { url } = await standIn((_, response) => refuse(response, name, message, status));
  const answer = await call(rehearsal(url));
  if (answer.ok) throw new Error('it was not refused');
  return answer.error;
}

describe('a refusal of KMS', () => {
  it('becomes the code of its name, whichever name that is', async () => {
    let name = '';
    const { url } = await standIn((_, response) => refuse(response, name, 'because'));
    const kms = rehearsal(url);
    for (const [one, code] of ERROR_NAMES) {
      name = one;
      const answer = await kms.enableKey(KEY_ID);
      expect(answer.ok ? one : [one, answer.error.code, answer.error.detail['name']]).toEqual([one, code, one]);
    }
  });

  it('keeps AWS’s words, operation, request id and status', async () => {
    expect(await refusedWith('KMSInvalidStateException', 'arn:aws:kms:… is pending deletion.')).toEqual({
      code: 'aws.invalidState',
      detail: {
        operation: 'EnableKey',
        name: 'KMSInvalidStateException',
        message: 'arn:aws:kms:… is pending deletion.',
        requestId: '11111111-2222-3333-4444-555555555555',
        status: 400,
      },
    });
  });

  it('is read from a name with a namespace, as some services write it', async () => {
    expect((await refusedWith('com.amazonaws.kms#AccessDeniedException')).code).toBe('aws.accessDenied');
  });

  it('means the wrapped key in an import and a ciphertext in a decryption', async () => {
    const name = 'InvalidCiphertextException';
    expect((await refusedWith(name, '', 400, EVERY_CALL.importKeyMaterial)).code).toBe('aws.blobRefused');
    expect((await refusedWith(name, '', 400, EVERY_CALL.decrypt)).code).toBe('aws.invalidRequest');
  });

  it('is a fault of AWS when it is unknown and says so by its status, and unknown otherwise', async () => {
    expect((await refusedWith('NeverHeardOfException', 'x', 503)).code).toBe('aws.internal');
    expect((await refusedWith('NeverHeardOfException', 'x', 418)).code).toBe('aws.unknown');
  });

  it('is about the clock when a signature is too old or too new', async () => {
    const late = 'Signature expired: 20261128T010000Z is now earlier than 20261128T025500Z (20261128T030000Z - 5 min.)';
    const early = 'Signature not yet current: 20261128T050000Z is still later than 20261128T030500Z';
    for (const message of [late, early])
      expect((await refusedWith('InvalidSignatureException', message)).code).toBe('aws.clockSkew');
    expect((await refusedWith('InvalidSignatureException', 'does not match')).code).toBe('aws.noCredentials');
  });

  it('is about the clock when a signature fails and the Date header is far from ours', async () => {
    const { url } = await standIn((_, response) =>
      json(response, { __type: 'InvalidSignatureException', message: 'does not match' }, 403, {
        date: new Date(Date.now() - 6 * 60_000).toUTCString(),
      }),
    );
    const answer = await rehearsal(url).enableKey(KEY_ID);
    expect(answer).toMatchObject({ ok: false, error: { code: 'aws.clockSkew', detail: { status: 403 } } });
  });

  it('leaves out the request AWS expected, in which the session token stands', async () => {
    const message = `The request signature we calculated does not match.\n\nThe Canonical String for this request should have been\n'POST\nx-amz-security-token:${CREDENTIALS.sessionToken}'`;
    const { detail } = await refusedWith('SignatureDoesNotMatch', message);
    expect(detail['message']).toBe('The request signature we calculated does not match.');
  });

  it('shows the session token nowhere, were it in the first words', async () => {
    const { detail } = await refusedWith('ValidationException', `token ${CREDENTIALS.sessionToken} is bad`);
    expect(detail['message']).toBe('token *** is bad');
  });

  it('shows the secret of a proxy nowhere, were it in the words of whoever answers', async () => {
    const said = `no: ${PROXY_SECRET}`;
    expect((await refusedWith('ValidationException', said, 400, EVERY_CALL.createKeyStore)).detail['message']).toBe('no: ***');
    expect((await refusedWith('ValidationException', said, 400, EVERY_CALL.updateKeyStore)).detail['message']).toBe('no: ***');
  });

  it('is one printable line of 300 characters at most', async () => {
    const { detail } = await refusedWith('ValidationException', `bad\u0007\u202e\n value ${'x'.repeat(900)}`);
    expect(detail['message']).toMatch(/^bad value x+…$/);
    expect(String(detail['message'])).toHaveLength(300);
  });

  it('of STS is read from XML', async () => {
    const { url } = await standIn(
      () => undefined,
      (_, response) =>
        response
          .writeHead(403, head({ 'content-type': 'text/xml' }))
          .end(
            '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>The security token included in the request is invalid.</Message></Error><RequestId>r-1</RequestId></ErrorResponse>',
          ),
    );
    expect(await rehearsal(url).identify()).toMatchObject({
      ok: false,
      error: { code: 'aws.noCredentials', detail: { operation: 'GetCallerIdentity', name: 'InvalidClientTokenId', status: 403 } },
    });
  });
});

describe('what fails before a request is signed', () => {
  const ending = { operation: 'CreateKey', answer: null, isHandedOver: false, secrets: [], nowMs: 0 };
  const named = (name: string, message = 'because', more = {}) => Object.assign(new Error(message), { name, ...more });
  const codeOf = (error: Error): string => awsFailure(error, ending).error.code;

  it('never leaves it open whether AWS did it: an answer that was lost was one to somebody else', () => {
    expect(codeOf(new NoAnswer(true, 'ECONNRESET', 'x'))).toBe('aws.unreachable');
    expect(codeOf(named('InternalFailure'))).toBe('aws.noCredentials');
  });

  it('is told by what helps: log in, ask for the role, set the clock, look at the network', () => {
    expect(codeOf(named('TokenProviderError'))).toBe('aws.noCredentials');
    expect(codeOf(named('ExpiredTokenException'))).toBe('aws.noCredentials');
    expect(codeOf(named('AccessDenied'))).toBe('aws.accessDenied');
    expect(codeOf(named('SignatureDoesNotMatch', 'Signature expired: x'))).toBe('aws.clockSkew');
    expect(codeOf(named('Error', 'getaddrinfo', { code: 'ENOTFOUND' }))).toBe('aws.unreachable');
  });

  it('is nothing that went wrong when it was cancelled', () => {
    expect(codeOf(named('AbortError'))).toBe('input.cancelled');
    expect(codeOf(new NoAnswer(false, 'CANCELLED', 'x'))).toBe('input.cancelled');
    expect(awsFailure(named('AbortError'), { ...ending, isHandedOver: true }).error.code).toBe('aws.noAnswer');
  });

  it('is a bug otherwise, and thrown', () => {
    for (const bug of [new TypeError('x is not a function'), named('Error', 'x', { code: 'odd' }), 'text'])
      expect(() => awsFailure(bug, ending)).toThrow();
  });
});

it('Only lost answers, faults of AWS and answers of strangers leave it open whether AWS did it', () => {
  const open = ERROR_CODES.filter((code) => mayHaveHappened({ code, detail: {} }));
  expect(open).toEqual(['aws.noAnswer', 'aws.internal', 'aws.unknown']);
});
