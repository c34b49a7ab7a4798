import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathOf, XKS_APIS } from '../../core/xks/uri';
import { routeOf } from '../../proxy/routes';

const PREFIXES = new Set(['', '/a', '/a/b', '/a/kms/xks/v1']);
const at = (target: string, method = 'POST'): ReturnType<typeof routeOf> => routeOf(method, target, PREFIXES);

describe('routes', () => {
  it('lead every path KMS can call to its call', () => {
    const prefix = fc.constantFrom(...PREFIXES);
    const keyId = fc.stringMatching(/^[A-Za-z0-9._-]{1,128}$/);
    fc.assert(
      fc.property(prefix, fc.constantFrom(...XKS_APIS), keyId, (store, api, key) => {
        const route = { leads: 'call', prefix: store, api, keyId: api === 'GetHealthStatus' ? '' : key };
        expect(at(pathOf(store, api, key))).toEqual(route);
      }),
    );
  });

  it.each([
    '/',
    '',
    '*',
    '/kms/xks/v1',
    '/kms/xks/v1/',
    '/kms/xks/v1/keys',
    '/kms/xks/v1/keys/k',
    '/kms/xks/v1/keys//encrypt',
    '/kms/xks/v1/keys/k/encrypt/',
    '/kms/xks/v1/keys/k/Encrypt',
    '/KMS/xks/v1/health',
    '/kms/xks/v1/health/',
    '/kms/xks/v1/health?',
    '/kms/xks/v1/health?a=b',
    '/kms/xks/v1/health#x',
    '/kms/xks/v1/health;x',
    '//kms/xks/v1/health',
    '/kms/xks//v1/health',
    '/kms/xks/v1/keys/k%41/encrypt',
    '/kms/xks/v1/keys/a/b/encrypt',
    '/kms/xks/v1/keys/a b/encrypt',
    '/kms/xks/v1/keys/ä/encrypt',
    '/kms/xks/v2/health',
    '/c/kms/xks/v1/health',
    '/a/../kms/xks/v1/health',
    'http://host/kms/xks/v1/health',
    `/kms/xks/v1/keys/${'k'.repeat(129)}/encrypt`,
    '/ping/',
    '/Ping',
    '/ping?x',
    '/constructor',
    '/__proto__/kms/xks/v1/health',
  ])('lead nowhere from %s', (target) => {
    expect(at(target)).toEqual({ leads: 'nowhere' });
  });

  it('lead nowhere from a path that is longer than a URI can be', () => {
    const long = `/${'a'.repeat(116)}`;
    const path = pathOf(long, 'Encrypt', 'k'.repeat(128));
    expect(path.length).toBeGreaterThan(256);
    expect(routeOf('POST', path, new Set([long]))).toEqual({ leads: 'nowhere' });
    expect(routeOf('POST', pathOf(long, 'Encrypt', 'k'.repeat(113)), new Set([long]))).toMatchObject({ leads: 'call' });
  });

  it('tell a wrong method from a wrong path', () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'post'])
      expect(at('/a/kms/xks/v1/health', method)).toMatchObject({ leads: 'otherMethod', allow: 'POST', call: { prefix: '/a' } });
    expect(at('/b/kms/xks/v1/health', 'GET')).toEqual({ leads: 'nowhere' });
  });

  it('answer load balancers at /ping', () => {
    expect(at('/ping', 'GET')).toEqual({ leads: 'ping' });
    expect(at('/ping', 'HEAD')).toEqual({ leads: 'ping' });
    expect(at('/ping', 'POST')).toEqual({ leads: 'otherMethod', allow: 'GET, HEAD', call: null });
  });
});
