import { BASE } from './server-ground';
import { amzTime, decryptBody, encryptBody, METADATA, signedHeaders, type Signing } from './xks-call';

/** A source of chance that gives the same again for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 up to but not including `below` */
  upTo(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  of<T>(values: readonly T[]): T {
    return values[this.upTo(values.length)]!;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.upTo(256)));
  }

  /** text out of letters that mean something somewhere */
  text(length: number, letters = 'aZ09/%.-_~ ?#;:&=\\"{}[]<>'): string {
    return Array.from({ length }, () => letters[this.upTo(letters.length)]).join('');
  }
}

const ENCRYPT = `${BASE}/keys/foo/encrypt`;
const DECRYPT = `${BASE}/keys/foo/decrypt`;
const METHODS = ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'LOCK', 'M-SEARCH'];
const b64 = (length: number): string => Buffer.alloc(length, 1).toString('base64');

function raw(method: string, path: string, headers: Readonly<Record<string, string>>, body: Uint8Array | string): Buffer {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(body)]);
}

function signed(host: string, path: string, body: Uint8Array | string, signing: Signing = {}): Buffer {
  return raw('POST', path, signedHeaders(host, path, body, signing), body);
}

const json = (value: unknown): string => JSON.stringify(value);
const encryption = (more: Readonly<Record<string, unknown>>): string => json(encryptBody('x', more));
const SEALED = { ciphertext: b64(12), initializationVector: b64(12), authenticationTag: b64(16) };

function lostPath(dice: Dice): string {
  const good = dice.of([ENCRYPT, DECRYPT, `${BASE}/health`, `${BASE}/keys/foo/metadata`]);
  const at = 1 + dice.upTo(good.length - 1);
  return dice.of([
    `${good}/`,
    `${good}?${dice.text(5, 'ab=&')}`,
    `/${good}`,
    `${good.slice(0, at)}%${dice.text(2, '0123456789abcdefg')}${good.slice(at)}`,
    `${good.slice(0, at)}//${good.slice(at)}`,
    good.toUpperCase(),
    good.replace('v1', dice.of(['v2', '', '..', 'v1/v1'])),
    `/${dice.text(dice.upTo(300), 'aZ09/%.-_~?;:&=')}/x`,
    `${BASE}/keys/${'k'.repeat(129 + dice.upTo(500))}/encrypt`,
  ]);
}

function brokenSigning(dice: Dice): Signing {
  const minutes = 6 + dice.upTo(1e6);
  return dice.of<Signing>([
    { secret: dice.text(43, 'abc') },
    { accessKeyId: dice.text(20, 'ABC') },
    { region: dice.of(['us-east-2', 'x', 'aws-global']) },
    { service: dice.of(['kms', 's3', 'kms-xks-proxy2']) },
    { at: Date.now() - minutes * 60_000 },
    { at: Date.now() + minutes * 60_000 },
    { scopeDate: dice.text(8, '0123456789') },
    { signedHeaders: dice.of([['host'], ['x-amz-date'], ['host', 'x-amz-date', 'x-none'], ['content-type']]) },
    { headers: { 'x-amz-date': dice.text(16, '0123456789TZ') } },
    { method: 'PUT' },
  ]);
}

function brokenHeaders(dice: Dice, host: string): Buffer {
  const body = encryption({});
  const { authorization = '', ...rest } = signedHeaders(host, ENCRYPT, body);
  const at = dice.upTo(authorization.length);
  const changed = dice.of([
    '',
    authorization.slice(0, at),
    authorization.slice(0, at) + dice.text(3, 'zZ/;,= ') + authorization.slice(at),
    authorization.replace(/[0-9a-f]{8}$/, 'zzzzzzzz'),
    `Basic ${b64(20)}`,
    dice.text(dice.upTo(4000), 'A/;,= '),
  ]);
  const many = Object.fromEntries(
    Array.from({ length: dice.upTo(60) }, (_none, i) => [`x-${i}`, dice.text(20, 'ab \u00e4\u00ff')]),
  );
  return raw('POST', ENCRYPT, { ...many, ...rest, authorization: changed }, body);
}

function brokenJson(dice: Dice): Uint8Array | string {
  const good = encryption({ additionalAuthenticatedData: b64(20) });
  return dice.of([
    () => good.slice(0, dice.upTo(good.length)),
    () => good + dice.of(['}', ',', '"', '\u0000', good]),
    () => '['.repeat(dice.upTo(30_000)),
    () => '{"a":'.repeat(dice.upTo(8000)),
    () => dice.bytes(1 + dice.upTo(200)),
    () => Buffer.concat([Buffer.from(good.slice(0, -1)), Buffer.from([0x80 + dice.upTo(0x40)]), Buffer.from('}')]),
    () => `\ufeff${good}`,
    () => good.replaceAll('"', "'"),
    () => dice.of(['null', 'true', '1e999', '""', '[]', '{}', '-', 'NaN', '{"__proto__":{}}']),
    () => '9'.repeat(dice.upTo(60_000)),
  ])();
}

function brokenMembers(dice: Dice): readonly [string, string] {
  const bad = dice.of<unknown>([7, true, [], {}, '_-_-', 'AA', 'AA=', '%%%%', ' AA==', 'AB==', '\ud800', 'A'.repeat(5)]);
  const metadata = Object.keys(METADATA).filter((name) => name !== 'kmsViaService');
  const { [dice.of(metadata)]: _gone, ...less } = METADATA as Readonly<Record<string, unknown>>;
  const wide = { ...METADATA, [dice.of(metadata)]: 'a'.repeat(2049 + dice.upTo(1000)) };
  return dice.of<() => readonly [string, string]>([
    () => [ENCRYPT, encryption({ plaintext: bad })],
    () => [ENCRYPT, encryption({ additionalAuthenticatedData: bad })],
    () => [ENCRYPT, encryption({ encryptionAlgorithm: bad })],
    () => [ENCRYPT, encryption({ ciphertextDataIntegrityValueAlgorithm: bad })],
    () => [ENCRYPT, encryption({ requestMetadata: dice.of<unknown>([less, wide, bad, null]) })],
    () => [ENCRYPT, encryption({ plaintext: b64(8193 + dice.upTo(20_000)) })],
    () => [ENCRYPT, encryption({ additionalAuthenticatedData: b64(16_385 + dice.upTo(20_000)) })],
    () => [`${BASE}/keys/${dice.text(8, 'abc')}x/encrypt`, encryption({})],
    () => [DECRYPT, json(decryptBody(SEALED, { initializationVector: b64(dice.upTo(40)) }))],
    () => [DECRYPT, json(decryptBody(SEALED, { authenticationTag: b64(dice.upTo(40)) }))],
    () => [DECRYPT, json(decryptBody(SEALED, { ciphertextMetadata: b64(dice.upTo(60)) }))],
    () => [DECRYPT, json(decryptBody(SEALED, { ciphertext: b64(dice.upTo(9000)) }))],
    () => [DECRYPT, json(decryptBody(SEALED, { [dice.of(Object.keys(SEALED))]: bad }))],
    () => [`${BASE}/health`, json({ requestMetadata: dice.of<unknown>([{}, bad, { kmsOperation: 'X' }]) })],
    () => [`${BASE}/keys/foo/metadata`, json({ requestMetadata: dice.of<unknown>([bad, { kmsOperation: 'X' }]) })],
  ])();
}

/** One whole HTTP request that is wrong in another way: it has exactly one answer, and the connection stays. */
export function wrongRequest(dice: Dice, host: string): Buffer {
  switch (dice.upTo(6)) {
    case 0:
      return raw(dice.of(['POST', 'GET', 'PUT']), lostPath(dice), { host }, dice.text(dice.upTo(200)));
    case 1:
      return raw(dice.of(METHODS), ENCRYPT, { host }, dice.of(['', '{}']));
    case 2:
      return signed(host, ENCRYPT, encryption({}), brokenSigning(dice));
    case 3:
      return brokenHeaders(dice, host);
    case 4:
      return signed(host, ENCRYPT, brokenJson(dice));
    default:
      return signed(host, ...brokenMembers(dice));
  }
}

/** Bytes that are no HTTP request, or one that never ends: whatever comes back, the connection ends with it. */
export function brokenBytes(dice: Dice, host: string): Buffer {
  const good = raw('POST', ENCRYPT, { host, 'x-amz-date': amzTime(Date.now()) }, encryption({}));
  const at = dice.upTo(good.length);
  const line = `POST ${ENCRYPT} HTTP/1.1\r\nhost: ${host}\r\n`;
  return dice.of<() => Buffer>([
    () => dice.bytes(1 + dice.upTo(2000)),
    () => good.subarray(0, at),
    () => Buffer.concat([good.subarray(0, at), dice.bytes(1 + dice.upTo(4)), good.subarray(at)]),
    () => Buffer.from(`${dice.text(dice.upTo(40))}\r\n\r\n`),
    () => Buffer.from(`${line}${dice.text(dice.upTo(60), 'a: \r\n\u0000\u007f')}\r\n\r\n`, 'latin1'),
    () => Buffer.from(`${line}x: ${'a'.repeat(17_000)}\r\n\r\n`),
    () => Buffer.from(`${line}${'x: y\r\n'.repeat(5000)}\r\n`),
    () => Buffer.from(`POST /${'a'.repeat(20_000)} HTTP/1.1\r\n\r\n`),
    () =>
      Buffer.from(`${line}content-length: ${dice.of(['-1', '1e3', '0x10', '99999999999999999999', '5, 5', ''])}\r\n\r\nhello`),
    () => Buffer.from(`${line}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`),
    () => Buffer.from(`${line}transfer-encoding: ${dice.of(['chunked, chunked', 'gzip', 'xchunked', ' '])}\r\n\r\n0\r\n\r\n`),
    () => Buffer.from(`${line}transfer-encoding: chunked\r\n\r\n${dice.text(20, '0fg;\r\n ')}\r\n`),
    () => Buffer.from(`${line}content-length: ${70_000 + dice.upTo(1e9)}\r\n\r\n${'x'.repeat(1000)}`),
    () => Buffer.from(`${line}expect: ${dice.of(['100-continue', '200-ok'])}\r\ncontent-length: 100000\r\n\r\n`),
    () => Buffer.from(`GET / HTTP/${dice.of(['0.9', '1.2', '2.0', '3', 'x'])}\r\n\r\n`),
    () => Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000'),
    () => Buffer.from('16030100c8010000c403030000', 'hex'),
  ])();
}
