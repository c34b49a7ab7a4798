import { XKS_BASE } from '../../xks/uri';
import { decryptBody, encryptBody, healthBody, metadataBody } from '../bodies';
import { inWords, type Exchange } from '../exchange';
import { fails, holds, untested } from '../judgement';
import { each, probes, refusedWith } from '../probes';
import { proxyCase, type ProxyCase } from '../proxy-case';
import { XKS_APIS, pathOf } from '../../xks/uri';

/** Of the form of a key id, and hardly anybody's key. */
const NO_KEY = 'keyrite-proxy-test.no-such-key';
const WRONG_NAME = 'KMS cannot tell people what is wrong: it cannot interpret the response, or names the wrong cause.';

export const PATH_CASES: readonly ProxyCase[] = [
  proxyCase({
    name: 'unknown-key',
    theme: 'paths',
    needs: 'ciphertext',
    expects: 'A key the proxy does not have is 404 KeyNotFoundException.',
    means: 'CreateKey with a misspelt key id does not say so (XksKeyNotFoundException).',
    remedy: 'Look the key up in the key store’s list before anything else is done with the request.',
    run: async (session) => {
      const sample = await session.ciphertext();
      if ('problem' in sample) return sample.problem;
      const { who } = session;
      const other = { keyId: NO_KEY };
      return probes({
        GetKeyMetadata: () => session.send('GetKeyMetadata', metadataBody(who), other),
        Encrypt: () => session.send('Encrypt', encryptBody(who, sample.plain), other),
        Decrypt: () => session.send('Decrypt', decryptBody(who, sample.sealed), other),
      });
    },
    judge: (seen) => (typeof seen === 'string' ? untested(seen) : refusedWith('KeyNotFoundException')(seen)),
  }),
  proxyCase({
    name: 'unknown-prefix',
    theme: 'paths',
    needs: 'credential',
    expects: 'A prefix that leads to no key store is 404 InvalidUriPathException, in JSON.',
    means: WRONG_NAME,
    remedy: 'Answer every unknown path with the JSON error, in the load balancer too.',
    kmsSays: 'XKS_PROXY_INVALID_RESPONSE',
    run: (session) => {
      const path = (prefix: string) => ({ path: `${prefix}${XKS_BASE}/health` });
      return probes({
        'another prefix': () => session.send('GetHealthStatus', healthBody(), path('/keyrite-proxy-test-no-such-prefix')),
        'a longer prefix': () => session.send('GetHealthStatus', healthBody(), path(`${session.store.prefix}/no-such-prefix`)),
      });
    },
    judge: refusedWith('InvalidUriPathException'),
  }),
  proxyCase({
    name: 'unknown-path',
    theme: 'paths',
    needs: 'credential',
    expects: 'A path that is no call of the specification is 404 InvalidUriPathException, in JSON.',
    means: WRONG_NAME,
    remedy: 'Answer every unknown path with the JSON error, in the load balancer too.',
    kmsSays: 'XKS_PROXY_INVALID_RESPONSE',
    run: (session) => {
      const base = session.store.prefix + XKS_BASE;
      const at = (path: string) => () => session.send('GetHealthStatus', healthBody(), { path });
      return probes({
        'an unknown call': at(`${base}/keys/${session.keyId}/destroy`),
        'an unknown word': at(`${base}/healthy`),
        'version 2': at(`${session.store.prefix}/kms/xks/v2/health`),
        'the base alone': at(base),
      });
    },
    judge: refusedWith('InvalidUriPathException'),
  }),
  proxyCase({
    name: 'get-refused',
    theme: 'paths',
    needs: 'credential',
    expects: 'GET on each of the four paths is 405.',
    means: 'The specification asks for it; a cache on the way might keep what a GET brings.',
    remedy: 'Answer 405 to every method but POST.',
    run: (session) => {
      const get = (path: string) => (): Promise<Exchange> =>
        session.send('GetHealthStatus', {}, { method: 'GET', path, rawBody: '' });
      return probes(Object.fromEntries(XKS_APIS.map((api) => [api, get(pathOf(session.store.prefix, api, session.keyId))])));
    },
    judge: each(({ what, exchange }) =>
      exchange.kind === 'answer' && exchange.status === 405 ? holds('405') : fails(`${what}: ${inWords(exchange)}`),
    ),
  }),
];
