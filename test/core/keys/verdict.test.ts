import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { legalCombinations, objectTemplates } from '../../../core/keys/policy';
import { judge, type Attributes } from '../../../core/keys/verdict';

const combination = fc.constantFrom(...legalCombinations());

function objectsOf(chosen: typeof legalCombinations extends () => readonly (infer C)[] ? C : never) {
  return objectTemplates({ ...chosen, ckaId: 'ab', label: 'mine' }).map((object) => {
    const attributes: Attributes = new Map(object.expected.map((row) => [row.name as string, row.value]));
    // a private key tells its size by its modulus and its curve, as tokens do
    const pub = objectTemplates({ ...chosen, ckaId: 'ab', label: 'mine' })[0]?.expected ?? [];
    const bits = pub.find((row) => row.name === 'CKA_MODULUS_BITS')?.value;
    const curve = pub.find((row) => row.name === 'CKA_EC_PARAMS')?.value;
    const size: [string, string][] = bits
      ? [['CKA_MODULUS', 'a'.repeat(Number(bits) / 4)]]
      : curve
        ? [['CKA_EC_PARAMS', String(curve)]]
        : [];
    return { keyClass: object.class, attributes: new Map([...attributes, ...size]) };
  });
}

describe('the verdict on an object', () => {
  it('is "fits" for every object that is as its policy says', () => {
    fc.assert(
      fc.property(combination, (chosen) => {
        for (const { keyClass, attributes } of objectsOf(chosen)) {
          const verdict = judge(keyClass, attributes);
          expect(verdict.verdict).toBe('fits');
          expect(verdict.purpose.split(' or ')).toContain(chosen.purpose);
        }
      }),
    );
  });

  it('is "differs" with the differing row when one attribute is missing', () => {
    const [object] = objectsOf({ purpose: 'xks', keySpec: 'AES_256' });
    const attributes = new Map(object?.attributes);
    attributes.delete('CKA_ALLOWED_MECHANISMS');
    const verdict = judge('secret', attributes);
    expect([verdict.verdict, verdict.purpose]).toEqual(['differs', 'xks']);
    expect(verdict.rows.filter((row) => !row.ok)).toEqual([
      { name: 'CKA_ALLOWED_MECHANISMS', wanted: 'CKM_AES_GCM', got: 'no value', ok: false },
    ]);
  });

  it('is "unknown" for what is no key, and for keys of kinds and sizes we never make', () => {
    expect(judge(null, new Map()).verdict).toBe('unknown');
    const aes128: Attributes = new Map([
      ['CKA_KEY_TYPE', 'CKK_AES'],
      ['CKA_VALUE_LEN', '16'],
    ]);
    expect(judge('secret', aes128).verdict).toBe('unknown');
    expect(judge('secret', new Map([['CKA_KEY_TYPE', 'CKK_DES3']])).verdict).toBe('unknown');
  });
});
