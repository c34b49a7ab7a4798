import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer as createHttp, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttps, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';

/**
 * A small faithful XKS proxy, written from the specification and on purpose without anything of core/xks, so that a mistake there is
 * not made twice. Each defect is one way a proxy is wrong in the field.
 */
export type Defect =
  | 'accepts stale dates'
  | 'accepts future dates'
  | 'allows one minute only'
  | 'forgets the Region'
  | 'forgets the service and the day'
  | 'forgets the body'
  | 'signature not compared'
  | 'lets host go unsigned'
  | 'no authentication'
  | '401 as 403'
  | 'signs host and date only'
  | 'signs its own host'
  | 'IV reused'
  | 'IV of zeros'
  | 'IV of 8 bytes'
  | 'IV of 12 bytes only'
  | 'metadata not bound'
  | 'framing without lengths'
  | 'metadata of 21 bytes'
  | 'tag not verified'
  | 'short tags accepted'
  | 'bad ciphertext as 500'
  | 'integrity value of the ciphertext alone'
  | 'no integrity value'
  | 'wrong plaintext'
  | 'wrong plaintext later'
  | 'plaintext cap of 4096'
  | 'plaintext cap of 4300 as 400'
  | 'AAD cap of 4096'
  | 'ARN cap of 256'
  | 'strict ARNs'
  | 'refuses unknown members'
  | 'refuses unknown operations'
  | 'denies services'
  | '404 as HTML'
  | 'unknown key as 400'
  | 'GET as 200'
  | 'lenient base64'
  | 'any algorithm'
  | 'missing members as 500'
  | 'not JSON as 500'
  | 'body cap of 8192'
  | 'drops large bodies'
  | 'health without fleet'
  | 'health all unavailable'
  | 'health degraded'
  | 'health accepts any body'
  | 'key of 128 bits'
  | 'key disabled'
  | 'long messages'
  | 'messages of any character'
  | 'text/plain'
  | 'closes connections'
  | 'no metadata'
  | 'hangs on Decrypt'
  | 'dies of a giant AAD';

export const CREDENTIAL = {
  accessKeyId: 'BETWEEN2TENAND3TENCHARACTERS',
  secret: 'PleaseReplaceThisWithSomeSecretOfLength43To64',
};
export const REGION = 'eu-central-1';
export const PREFIX = '/test/prefix';
export const KEY_ID = 'reference.key-1';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly contentType?: string;
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

class Refused extends Error {
  readonly answer: Answer;
  constructor(status: number, errorName: string, errorMessage = 'reference proxy') {
    super(errorName);
    this.answer = { status, body: { errorName, errorMessage } };
  }
}

const invalid = (why: string): Refused => new Refused(400, 'ValidationException', why);
const corrupt = (): Refused => new Refused(400, 'InvalidCiphertextException');

const hmac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest();
const sha256 = (data: Buffer | string): Buffer => createHash('sha256').update(data).digest();

type Body = Record<string, unknown>;

export interface ReferenceProxy {
  readonly port: number;
  /** calls to Encrypt and Decrypt that arrived */
  readonly calls: () => number;
  close(): Promise<void>;
}

export async function startReferenceProxy(
  defects: readonly Defect[] = [],
  tls: ServerOptions | null = null,
): Promise<ReferenceProxy> {
  const has = (defect: Defect): boolean => defects.includes(defect);
  const key = randomBytes(32);
  const fixedIv = randomBytes(12);
  const metadata = has('no metadata') ? Buffer.alloc(0) : Buffer.from('rp1'.padEnd(has('metadata of 21 bytes') ? 21 : 3, '.'));
  let calls = 0;

  function authenticate({ method, path, headers, body }: Request): void {
    if (has('no authentication')) return;
    const status = has('401 as 403') ? 403 : 401;
    const no = new Refused(status, 'AuthenticationFailedException');
    const form =
      /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d+)\/([\w-]+)\/([\w-]+)\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/;
    const [, id, day = '', region = '', service = '', list = '', claimed = ''] = form.exec(headers.authorization ?? '') ?? [];
    if (id !== CREDENTIAL.accessKeyId) throw no;
    const names = has('signs host and date only') ? ['host', 'x-amz-date'] : list.split(';');
    if (!has('lets host go unsigned') && !names.includes('host')) throw no;
    const time = String(headers['x-amz-date'] ?? '');
    if (!names.includes('x-amz-date') || !/^\d{8}T\d{6}Z$/.test(time)) throw no;
    if (!has('forgets the Region') && region !== REGION) throw no;
    if (!has('forgets the service and the day') && (service !== 'kms-xks-proxy' || day !== time.slice(0, 8))) throw no;
    const age = Date.now() - Date.parse(time.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));
    const window = has('allows one minute only') ? 60_000 : 300_000;
    if ((age > window && !has('accepts stale dates')) || (age < -window && !has('accepts future dates'))) throw no;
    const own = has('signs its own host') ? { ...headers, host: `127.0.0.1:${port}` } : headers;
    const lines = names.map((name) => `${name}:${String(own[name] ?? '').trim()}\n`).join('');
    const bodyHash = sha256(body).toString('hex');
    const canonical = `${method}\n${path}\n\n${lines}\n${names.join(';')}\n${bodyHash}`;
    const scope = `${day}/${region}/${service}/aws4_request`;
    const signing = hmac(hmac(hmac(hmac(`AWS4${CREDENTIAL.secret}`, day), region), service), 'aws4_request');
    const expected = hmac(signing, `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical).toString('hex')}`);
    if (has('signature not compared')) return;
    if (has('forgets the body') && body.length > 0 && / \}$/.test(body.toString())) return;
    if (!timingSafeEqual(expected, Buffer.from(claimed, 'hex'))) throw no;
  }

  function parse({ body }: Request): Body {
    try {
      const json = JSON.parse(body.toString()) as unknown;
      if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalid('no object');
      return json as Body;
    } catch (error) {
      if (error instanceof Refused && !has('not JSON as 500')) throw error;
      throw has('not JSON as 500') ? new Refused(500, 'InternalException') : invalid('no JSON');
    }
  }

  function text(body: Body, name: string, isRequired = true): string {
    const value = body[name];
    if (value === undefined && !isRequired) return '';
    if (value === undefined && has('missing members as 500')) throw new Refused(500, 'InternalException');
    if (typeof value !== 'string') throw invalid(name);
    return value;
  }

  function bytes(body: Body, name: string, isRequired = true): Buffer {
    const value = text(body, name, isRequired);
    if (has('lenient base64')) return Buffer.from(value, 'base64');
    if (value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*=?=?$/.test(value)) throw invalid(name);
    return Buffer.from(value, 'base64');
  }

  function who(body: Body, required: readonly string[]): void {
    const requestMetadata = body['requestMetadata'];
    if (typeof requestMetadata !== 'object' || requestMetadata === null) {
      if (requestMetadata === undefined && has('missing members as 500')) throw new Refused(500, 'InternalException');
      throw invalid('requestMetadata');
    }
    const members = requestMetadata as Body;
    for (const name of required) text(members, name);
    for (const name of ['awsPrincipalArn', 'kmsKeyArn']) {
      const arn = text(members, name, false);
      if (has('ARN cap of 256') && arn.length > 256) throw invalid(name);
      if (has('strict ARNs') && arn.includes(':/key/')) throw invalid(name);
    }
    if (has('denies services') && text(members, 'awsPrincipalArn', false) === 'AWS Internal')
      throw new Refused(403, 'AccessDeniedException');
    if (has('refuses unknown members') && ('sourceIdentity' in members || 'somethingNew' in body)) throw invalid('unknown');
    if (has('refuses unknown operations') && members['kmsOperation'] === 'SomethingNew') throw invalid('kmsOperation');
  }

  function health(body: Body): Answer {
    if (!has('health accepts any body')) who(body, ['kmsOperation', 'kmsRequestId']);
    const healthStatus = has('health all unavailable') ? 'UNAVAILABLE' : has('health degraded') ? 'DEGRADED' : 'ACTIVE';
    const fleet = has('health without fleet') ? [] : [{ id: 'hsm-1', model: 'node', healthStatus }];
    const names = { xksProxyVendor: 'Reference', xksProxyModel: 'proxy 1', ekmVendor: 'node:crypto' };
    return { status: 200, body: { xksProxyFleetSize: 1, ...names, ekmFleetDetails: fleet } };
  }

  function keyMetadata(body: Body): Answer {
    who(body, ['awsPrincipalArn', 'kmsOperation', 'kmsRequestId']);
    const keySpec = has('key of 128 bits') ? 'AES_128' : 'AES_256';
    return {
      status: 200,
      body: { keySpec, keyUsage: ['ENCRYPT', 'DECRYPT'], keyStatus: has('key disabled') ? 'DISABLED' : 'ENABLED' },
    };
  }

  function framed(aad: Buffer, md: Buffer): Buffer {
    if (has('framing without lengths')) return Buffer.concat([aad, md]);
    const bound = has('metadata not bound') ? Buffer.alloc(0) : md;
    const length = Buffer.alloc(2);
    if (has('dies of a giant AAD') && aad.length > 0xffff) setImmediate(() => void close());
    length.writeUInt16BE(aad.length & 0xffff);
    return Buffer.concat([length, aad, Buffer.of(bound.length), bound]);
  }

  function algorithm(body: Body): void {
    const name = text(body, 'encryptionAlgorithm');
    if (name !== 'AES_GCM' && !has('any algorithm')) throw invalid('encryptionAlgorithm');
    const integrity = text(body, 'ciphertextDataIntegrityValueAlgorithm', false);
    if (integrity !== '' && integrity !== 'SHA_256' && !has('any algorithm')) throw invalid('integrity');
  }

  function encrypt(body: Body): Answer {
    calls++;
    who(body, ['awsPrincipalArn', 'kmsKeyArn', 'kmsOperation', 'kmsRequestId']);
    algorithm(body);
    const plaintext = bytes(body, 'plaintext');
    const aad = bytes(body, 'additionalAuthenticatedData', false);
    const cap = has('plaintext cap of 4096') ? 4096 : has('plaintext cap of 4300 as 400') ? 4300 : 16_384;
    if (plaintext.length > cap) throw cap === 16_384 ? new Refused(501, 'UnsupportedOperationException') : invalid('plaintext');
    if (aad.length > (has('AAD cap of 4096') ? 4096 : 0xffff) && !has('dies of a giant AAD'))
      throw new Refused(501, 'UnsupportedOperationException');
    const iv = has('IV reused') ? fixedIv : has('IV of zeros') ? Buffer.alloc(12) : randomBytes(has('IV of 8 bytes') ? 8 : 12);
    const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(framed(aad, metadata));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const tag = cipher.getAuthTag();
    const covered = has('integrity value of the ciphertext alone')
      ? ciphertext
      : Buffer.concat([aad, metadata, iv, ciphertext, tag]);
    const isAsked = body['ciphertextDataIntegrityValueAlgorithm'] === 'SHA_256' && !has('no integrity value');
    return {
      status: 200,
      body: {
        ciphertext: ciphertext.toString('base64'),
        initializationVector: iv.toString('base64'),
        authenticationTag: tag.toString('base64'),
        ...(metadata.length > 0 && { ciphertextMetadata: metadata.toString('base64') }),
        ...(isAsked && { ciphertextDataIntegrityValue: sha256(covered).toString('base64') }),
      },
    };
  }

  function decrypt(body: Body): Answer {
    calls++;
    who(body, ['awsPrincipalArn', 'kmsKeyArn', 'kmsOperation', 'kmsRequestId']);
    algorithm(body);
    const ciphertext = bytes(body, 'ciphertext');
    const iv = bytes(body, 'initializationVector');
    const tag = bytes(body, 'authenticationTag');
    const md = bytes(body, 'ciphertextMetadata', false);
    if (tag.length !== 16 && !(has('short tags accepted') && tag.length >= 4)) throw corrupt();
    if (has('IV of 12 bytes only') && iv.length !== 12) throw invalid('initializationVector');
    const ivLengths = has('IV of 8 bytes') ? [8, 12, 16] : [12, 16];
    if (!ivLengths.includes(iv.length) || md.length > (has('metadata of 21 bytes') ? 21 : 20)) throw corrupt();
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tag.length });
    decipher.setAuthTag(tag).setAAD(framed(bytes(body, 'additionalAuthenticatedData', false), md));
    const plaintext = decipher.update(ciphertext);
    try {
      if (!has('tag not verified')) decipher.final();
    } catch {
      throw has('bad ciphertext as 500') ? new Refused(500, 'InternalException') : corrupt();
    }
    const isWrong = has('wrong plaintext') || (has('wrong plaintext later') && calls > 2);
    if (isWrong && plaintext.length > 0) plaintext.writeUInt8((plaintext[0]! + 1) & 0xff);
    return { status: 200, body: { plaintext: plaintext.toString('base64') } };
  }

  function route(request: Request): (body: Body) => Answer {
    const base = `${PREFIX}/kms/xks/v1`;
    const [, id, verb] = /^\/keys\/([\w.-]+)\/(metadata|encrypt|decrypt)$/.exec(request.path.slice(base.length)) ?? [];
    const isHealth = request.path === `${base}/health`;
    if (!request.path.startsWith(base) || (!isHealth && verb === undefined)) throw new Refused(404, 'InvalidUriPathException');
    if (request.method !== 'POST' && !has('GET as 200')) throw new Refused(405, 'ValidationException');
    if (request.method !== 'POST') return () => ({ status: 200, body: {} });
    const call = isHealth ? health : { metadata: keyMetadata, encrypt, decrypt }[verb as 'metadata' | 'encrypt' | 'decrypt'];
    if (isHealth || id === KEY_ID) return call;
    return () => {
      throw has('unknown key as 400') ? invalid('key') : new Refused(404, 'KeyNotFoundException');
    };
  }

  function answer(request: Request): Answer {
    try {
      const call = route(request);
      authenticate(request);
      if (has('body cap of 8192') && request.body.length > 8192) throw invalid('too long');
      return call(request.method === 'POST' ? parse(request) : {});
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return changed(error.answer);
    }
  }

  function changed(answer: Answer): Answer {
    const { errorName } = answer.body as { errorName: string };
    if (has('404 as HTML') && answer.status === 404)
      return { status: 404, body: '<html>Not Found</html>', contentType: 'text/html' };
    if (has('long messages')) return { ...answer, body: { errorName, errorMessage: 'x'.repeat(512) } };
    if (has('messages of any character')) return { ...answer, body: { errorName, errorMessage: 'Schlüssel unbekannt' } };
    return answer;
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const body = Buffer.concat(parts);
    const path = incoming.url ?? '';
    if (has('hangs on Decrypt') && path.endsWith('/decrypt')) return;
    if (has('drops large bodies') && body.length > 65_536) return void incoming.socket.destroy();
    const { status, body: json, contentType } = answer({ method: incoming.method ?? '', path, headers: incoming.headers, body });
    response.statusCode = status;
    response.setHeader('content-type', contentType ?? (has('text/plain') ? 'text/plain' : 'application/json'));
    if (has('closes connections')) response.setHeader('connection', 'close');
    response.end(typeof json === 'string' ? json : JSON.stringify(json));
  }

  const listener = (incoming: IncomingMessage, response: ServerResponse): void => {
    serve(incoming, response).catch(() => incoming.socket.destroy());
  };
  const server = tls ? createHttps(tls, listener) : createHttp(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { port, calls: () => calls, close };
}
