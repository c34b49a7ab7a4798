import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestWords, fingerprintRows, shortWords } from '../../../core/evidence/words';
import { canonical } from '../../../core/evidence/canonical';
import { sha256Text } from '../../../core/pack/sha256';
import pgp from '../../../resources/words/pgp.json';

describe('digest words', () => {
  it('reads the published example as published', () => {
    const digest = sha256Text('hello, world\n');
    expect(digest.slice(0, 8)).toBe('853ff937');
    expect(digestWords(digest).join(' ')).toMatch(/^music customer waffle consensus flagpole Orlando /);
    expect(shortWords(digest)).toBe('music customer waffle consensus');
  });

  it('reads the fingerprint that PGP\u2019s own descriptions show', () => {
    expect(digestWords('e58294f2e9a227486e8b061b31cc528fd7fa3f19').join(' ')).toBe(
      'topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa afflict bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell bottomless',
    );
  });

  it('uses the list of 1995 unchanged: 256 distinct words of each kind, of this digest', () => {
    expect(new Set(pgp.even).size).toBe(256);
    expect(new Set(pgp.odd).size).toBe(256);
    expect(pgp.even.some((word) => pgp.odd.includes(word))).toBe(false);
    expect([pgp.even[0], pgp.even[255], pgp.odd[0], pgp.odd[255]]).toEqual(['aardvark', 'Zulu', 'adroitness', 'Yucatan']);
    expect(sha256Text(canonical({ even: pgp.even, odd: pgp.odd }))).toBe(
      '233ed77dc35717a80d90e60c4af88e0658a0131f3eefde6d7377f48730ebf6fe',
    );
  });

  it('gives every byte back from its word, and tells a byte that moved by one place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const words = digestWords(Buffer.from(bytes).toString('hex'));
        expect(words.map((word, i) => (i % 2 === 0 ? pgp.even : pgp.odd).indexOf(word))).toEqual([...bytes]);
        expect(words.every((word, i) => !(i % 2 === 0 ? pgp.odd : pgp.even).includes(word))).toBe(true);
      }),
    );
  });

  it('lays a digest out as eight numbered rows', () => {
    const rows = fingerprintRows(sha256Text(''));
    expect(rows).toHaveLength(8);
    expect(rows[0]).toEqual({ n: 1, hex: 'e3b0c442', words: 'tissue phonetic snowslide December' });
    expect(rows.map(({ hex }) => hex).join('')).toBe(sha256Text(''));
  });
});
