import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecisionCache } from '../../../proxy/authorize/decision-cache';
import { queryKey, type AuthorizationQuery } from '../../../proxy/authorize/query';
import { query } from './policy-folder';

describe('the cache of decisions', () => {
  it('keeps the entries asked for last, and no more than its limit', () => {
    const cache = createDecisionCache<{ n: number }>(2);
    cache.set('a', { n: 1 });
    cache.set('b', { n: 2 });
    cache.get('a');
    cache.set('c', { n: 3 });
    expect([cache.get('a')?.n, cache.get('b')?.n, cache.get('c')?.n]).toEqual([1, undefined, 3]);
    expect(cache.size()).toBe(2);
  });

  it('answers as a list of the last keys would, whatever is asked', () => {
    const act = fc.record({ isSet: fc.boolean(), key: fc.constantFrom('a', 'b', 'c', 'd', 'e') });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const cache = createDecisionCache<{ n: number }>(3);
        let model: (readonly [string, number])[] = [];
        acts.forEach(({ isSet, key }, n) => {
          const known = model.find(([name]) => name === key);
          expect(isSet ? undefined : cache.get(key)?.n).toBe(isSet ? undefined : known?.[1]);
          if (isSet) cache.set(key, { n });
          const entry = isSet ? ([key, n] as const) : known;
          if (entry) model = [...model.filter(([name]) => name !== key), entry].slice(-3);
          expect(cache.size()).toBe(model.length);
        });
      }),
    );
  });
});

describe('the key of a query', () => {
  it('differs whenever one field does, whatever the texts hold', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', ',', '"', '","', '\u0000', '\\'));
    const fields = ['store', 'keyId', 'kmsKeyArn', 'caller', 'kmsOperation', 'via', 'vpc', 'vpce'] as const;
    const anyQuery = fc.record(Object.fromEntries(fields.map((field) => [field, text]))).map((texts) => query(texts));
    const same = (a: AuthorizationQuery, b: AuthorizationQuery) => fields.every((field) => a[field] === b[field]);
    fc.assert(
      fc.property(anyQuery, anyQuery, (a, b) => {
        expect(queryKey(a) === queryKey(b)).toBe(same(a, b));
      }),
    );
    expect(queryKey(query({ api: 'Encrypt' }))).not.toBe(queryKey(query({ api: 'Decrypt' })));
  });
});
