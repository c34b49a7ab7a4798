import { encryptBody, healthBody } from '../bodies';
import { inWords, type Exchange } from '../exchange';
import { holds, warns, type Judgement } from '../judgement';
import { isSuccess, probes, refusedWith, succeeded, type Probe } from '../probes';
import { proxyCase, type CaseTexts, type ProxyCase } from '../proxy-case';
import type { Session, Variation } from '../session';
import { amzDate, type Signer } from '../sign';
import type { WireRequest } from '../transport';

type Variants = (session: Session) => Readonly<Record<string, Variation>>;

interface SignatureCase extends Pick<CaseTexts, 'name' | 'expects'> {
  readonly variants: Variants;
  readonly judge?: (seen: readonly Probe[]) => Judgement;
  readonly means?: string;
  readonly remedy?: string;
}

const refused = refusedWith('AuthenticationFailedException');
const FORGED = 'Somebody without the secret, or with a captured request, can use the keys.';

/** Asked of GetHealthStatus and of Encrypt: a proxy may guard one and forget the other. */
async function sendEach(session: Session, variants: Readonly<Record<string, Variation>>): Promise<readonly Probe[]> {
  const plaintext = { plaintext: new Uint8Array(16), aad: null, wantsIntegrity: false };
  const requests = Object.entries(variants).flatMap(([what, vary]): [string, () => Promise<Exchange>][] => [
    [`GetHealthStatus, ${what}`, () => session.send('GetHealthStatus', healthBody(), vary)],
    [`Encrypt, ${what}`, () => session.send('Encrypt', encryptBody(session.who, plaintext), vary)],
  ]);
  return probes(Object.fromEntries(requests));
}

function signatureCase({ variants, judge = refused, ...own }: SignatureCase): ProxyCase {
  return proxyCase({
    theme: 'signature',
    needs: 'credential',
    means: FORGED,
    remedy: 'Answer 401 AuthenticationFailedException.',
    ...own,
    run: (session) => sendEach(session, variants(session)),
    judge,
  });
}

function withAuthorization(change: (value: string) => string): Variation {
  return {
    afterSigning: (request: WireRequest) => ({
      ...request,
      headers: { ...request.headers, authorization: change(request.headers['authorization'] ?? '') },
    }),
  };
}

function withoutHeader(name: string): Variation {
  return {
    afterSigning: (request) => ({
      ...request,
      headers: Object.fromEntries(Object.entries(request.headers).filter(([header]) => header !== name)),
    }),
  };
}

/** Another of the same length and alphabet. */
function other(text: string): string {
  const last = text.at(-1) === 'A' ? 'B' : 'A';
  return text.slice(0, -1) + last;
}

function otherSigner({ store }: Session, change: Partial<Signer>): Variation {
  return { signer: { ...store.signer, ...change } };
}

function at({ now }: Session, minutes: number): Variation {
  return { signing: { at: new Date(now() + minutes * 60_000) } };
}

/** Within the five minutes of the specification; a narrower proxy works with KMS as long as the clocks agree. */
export function judgeWindow(seen: readonly Probe[]): Judgement {
  const other = seen.find(({ exchange }) => !isSuccess(exchange));
  return other ? warns(`${other.what}: ${inWords(other.exchange)}`) : holds('accepted');
}

/** A name in front of the proxy that is not its own is usual behind a load balancer; one that routes by name may refuse it. */
export const judgeHostNames = (seen: readonly Probe[]): Judgement => {
  const other = seen.find(({ exchange }) => !isSuccess(exchange));
  return other ? warns(`${other.what}: ${inWords(other.exchange)}`) : holds('accepted as signed');
};

export const SIGNATURE_CASES: readonly ProxyCase[] = [
  signatureCase({
    name: 'unsigned',
    expects: 'A request without an Authorization header, or with one of another kind, is 401.',
    variants: () => ({
      'no Authorization': withoutHeader('authorization'),
      'another scheme': withAuthorization(() => 'Bearer abcdefghijklmnopqrstuvwxyz'),
      'an empty signature': withAuthorization((value) => value.replace(/Signature=.*/, 'Signature=')),
    }),
  }),
  signatureCase({
    name: 'wrong-signature',
    expects: 'A signature that differs in one digit is 401.',
    variants: () => ({
      'last digit changed': withAuthorization((value) => value.slice(0, -1) + (value.endsWith('0') ? '1' : '0')),
      'first digit changed': withAuthorization((value) =>
        value.replace(/Signature=(.)/, (_, digit) => `Signature=${digit === '0' ? '1' : '0'}`),
      ),
    }),
  }),
  signatureCase({
    name: 'wrong-secret',
    expects: 'A signature made with another secret is 401.',
    variants: (session) => {
      const { accessKeyId, secret } = session.store.signer.credential;
      return { 'another secret': otherSigner(session, { credential: { accessKeyId, secret: other(secret) } }) };
    },
  }),
  signatureCase({
    name: 'unknown-access-key',
    expects: 'An access key id the proxy does not know is 401.',
    variants: (session) => {
      const { accessKeyId, secret } = session.store.signer.credential;
      return { 'another id': otherSigner(session, { credential: { accessKeyId: other(accessKeyId), secret } }) };
    },
  }),
  signatureCase({
    name: 'wrong-scope',
    expects: 'A signature for another Region, service or day is 401.',
    variants: (session) => ({
      'another Region': otherSigner(session, { region: session.store.signer.region === 'us-west-2' ? 'us-east-1' : 'us-west-2' }),
      'another service': otherSigner(session, { service: 'kms' }),
      'the scope of yesterday': { signing: { scopeDate: amzDate(new Date(session.now() - 86_400_000)).slice(0, 8) } },
    }),
  }),
  signatureCase({
    name: 'stale-time',
    expects: 'A request signed more than five minutes ago is 401.',
    means: 'A captured request can be sent again whenever its captor likes.',
    variants: (session) => ({ '6 minutes old': at(session, -6), 'a day old': at(session, -1440) }),
  }),
  signatureCase({
    name: 'future-time',
    expects: 'A request signed more than five minutes ahead is 401.',
    means: 'A request can be signed today for use on another day.',
    variants: (session) => ({ '6 minutes ahead': at(session, 6), 'a day ahead': at(session, 1440) }),
  }),
  signatureCase({
    name: 'time-window',
    expects: 'A request signed up to five minutes ago or ahead is taken.',
    means: 'Clocks that differ a little let calls fail.',
    remedy: 'Accept five minutes in both directions, as the specification advises.',
    variants: (session) => ({ '4 minutes old': at(session, -4), '4 minutes ahead': at(session, 4) }),
    judge: judgeWindow,
  }),
  signatureCase({
    name: 'unsigned-parts',
    expects: 'Host and x-amz-date have to be among what is signed.',
    variants: () => ({
      'host not signed': { signing: { signedHeaders: ['x-amz-date'] } },
      'x-amz-date not signed': { signing: { signedHeaders: ['host'] } },
      'x-amz-date missing': withoutHeader('x-amz-date'),
    }),
  }),
  signatureCase({
    name: 'changed-after-signing',
    expects: 'Body, Host or path changed after signing is 401.',
    variants: ({ store, keyId }) => ({
      'body changed': { afterSigning: (request) => ({ ...request, body: request.body.replace(/\}$/, ' }') }) },
      'Host changed': { afterSigning: (request) => ({ ...request, headers: { ...request.headers, host: 'other.example.com' } }) },
      'path changed': {
        afterSigning: (request) => ({
          ...request,
          path: `${store.prefix}/kms/xks/v1/keys/${keyId}/${request.path.endsWith('metadata') ? 'encrypt' : 'metadata'}`,
        }),
      },
    }),
  }),
  signatureCase({
    name: 'curl-headers',
    expects: 'A request that signs content-type besides, as curl does, is taken.',
    means: 'AWS’s test client, which is built on curl, cannot talk to the proxy.',
    remedy: 'Take the list of signed headers from the Authorization header.',
    variants: () => ({ 'content-type signed': { signing: { signedHeaders: ['content-type', 'host', 'x-amz-date'] } } }),
    judge: succeeded,
  }),
  signatureCase({
    name: 'host-forms',
    expects: 'The Host header counts as it was sent and signed, whatever name it holds.',
    means: 'Behind a load balancer or under a second name the signatures would not verify.',
    remedy: 'Verify over the Host header as it came, in its own spelling.',
    variants: ({ store }) => ({
      'another name': { host: 'xks.example.com' },
      'with the port': { host: `${store.endpoint.host.includes(':') ? 'localhost' : store.endpoint.host}:443` },
      'in capitals': { host: store.endpoint.authority.toUpperCase() },
    }),
    judge: judgeHostNames,
  }),
];
