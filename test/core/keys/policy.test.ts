import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { canonical } from '../../../core/evidence/canonical';
import { allowedMechanisms, checkCombination, keyPlan, legalCombinations, objectTemplates } from '../../../core/keys/policy';
import { KEY_SPECS, PURPOSES } from '../../../core/keys/spec';
import { isPair, SPEC_FACTS } from '../../../core/keys/spec-facts';
import type { AttributeRow } from '../../../core/keys/template';

const NAMED = { ckaId: '00'.repeat(16), label: 'key' };
const combination = fc.constantFrom(...legalCombinations());

function valueOf(rows: readonly AttributeRow[], name: string): AttributeRow['value'] | undefined {
  return rows.find((row) => row.name === name)?.value;
}

describe('the attribute policy', () => {
  it('allows exactly AES_256 for xks, and every spec for byok and resident', () => {
    const legal = legalCombinations().map(({ purpose, keySpec }) => `${purpose} ${keySpec}`);
    expect(legal.toSorted()).toEqual(
      ['xks AES_256', ...KEY_SPECS.flatMap((spec) => [`byok ${spec}`, `resident ${spec}`])].toSorted(),
    );
  });

  it('answers every purpose and spec, legal or not, with a plan or a refusal', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PURPOSES), fc.constantFrom(...KEY_SPECS), (purpose, keySpec) => {
        const legal = legalCombinations().some((one) => one.purpose === purpose && one.keySpec === keySpec);
        const plan = keyPlan('serial', { purpose, keySpec, ...NAMED });
        expect(checkCombination(purpose, keySpec).ok).toBe(legal);
        expect(plan.ok ? 'plan' : plan.error.code).toBe(legal ? 'plan' : 'policy.illegalCombination');
      }),
    );
  });

  it('lets only the key of an external key store follow another under its label, and says so in the plan', () => {
    const follows = '11'.repeat(16);
    fc.assert(
      fc.property(combination, ({ purpose, keySpec }) => {
        const plan = keyPlan('serial', { purpose, keySpec, ...NAMED, follows });
        expect(plan.ok ? plan.value.follows : plan.error.code).toBe(purpose === 'xks' ? follows : 'policy.illegalCombination');
        const first = keyPlan('serial', { purpose, keySpec, ...NAMED });
        expect(first.ok && 'follows' in first.value).toBe(false);
      }),
    );
  });

  it('hides every secret, lets only byok leave, and then only under a trusted wrapper', () => {
    fc.assert(
      fc.property(combination, ({ purpose, keySpec }) => {
        const secret = objectTemplates({ purpose, keySpec, ...NAMED }).find((object) => object.class !== 'public');
        const value = (name: string) => valueOf(secret?.expected ?? [], name);
        expect([
          value('CKA_SENSITIVE'),
          value('CKA_PRIVATE'),
          value('CKA_TOKEN'),
          value('CKA_ALWAYS_SENSITIVE'),
          value('CKA_LOCAL'),
        ]).toEqual(Array(5).fill(true));
        expect(value('CKA_EXTRACTABLE')).toBe(purpose === 'byok');
        expect(value('CKA_WRAP_WITH_TRUSTED')).toBe(purpose === 'byok');
        expect(value('CKA_NEVER_EXTRACTABLE')).toBe(purpose !== 'byok');
        expect(value('CKA_ALLOWED_MECHANISMS')).toEqual(allowedMechanisms(purpose, keySpec));
      }),
    );
  });

  it('gives no key a pair of abilities that launders another: nothing wraps, unwraps or derives', () => {
    for (const { purpose, keySpec } of legalCombinations()) {
      for (const object of objectTemplates({ purpose, keySpec, ...NAMED })) {
        for (const name of ['CKA_WRAP', 'CKA_UNWRAP', 'CKA_DERIVE', 'CKA_MODIFIABLE', 'CKA_COPYABLE']) {
          expect(valueOf(object.expected, name) ?? false).toBe(false);
        }
      }
    }
  });

  it('makes a byok AES key a CMAC key and a working one a GCM key, never both', () => {
    expect(allowedMechanisms('byok', 'AES_256')).toEqual(['CKM_AES_CMAC']);
    expect(allowedMechanisms('xks', 'AES_256')).toEqual(['CKM_AES_GCM']);
    expect(allowedMechanisms('resident', 'AES_256')).toEqual(['CKM_AES_GCM']);
  });

  it('names each attribute of an object once, sorts allowed mechanisms, and has one canonical form', () => {
    fc.assert(
      fc.property(combination, ({ purpose, keySpec }) => {
        const plan = keyPlan('serial', { purpose, keySpec, ...NAMED });
        if (!plan.ok) throw new Error('refused');
        expect(plan.value.objects.map((object) => object.class)).toEqual(isPair(keySpec) ? ['public', 'private'] : ['secret']);
        expect(plan.value.mechanism).toBe(SPEC_FACTS[keySpec].generatedBy);
        for (const object of plan.value.objects) {
          const names = object.expected.map((row) => row.name);
          expect(new Set(names).size).toBe(names.length);
          expect(names).toEqual(expect.arrayContaining(object.wanted.map((row) => row.name)));
        }
        expect(allowedMechanisms(purpose, keySpec)).toEqual(allowedMechanisms(purpose, keySpec).toSorted());
        expect(canonical(JSON.parse(canonical(plan.value)))).toBe(canonical(plan.value));
      }),
    );
  });

  it('says in the plan what a module cannot hold, and asks for everything else', () => {
    const named = { purpose: 'xks', keySpec: 'AES_256', ...NAMED } as const;
    const [full] = objectTemplates(named);
    const [poor] = objectTemplates(named, [{ name: 'CKA_ALLOWED_MECHANISMS', class: null, reason: 'it ignores it' }]);
    expect(poor?.unprovable).toEqual([{ name: 'CKA_ALLOWED_MECHANISMS', value: ['CKM_AES_GCM'], reason: 'it ignores it' }]);
    expect(poor?.wanted).toEqual(full?.wanted.filter((row) => row.name !== 'CKA_ALLOWED_MECHANISMS'));
    const [untouched] = objectTemplates(named, [{ name: 'CKA_TOKEN', class: 'public', reason: 'elsewhere' }]);
    expect(untouched).toEqual(full);
  });
});
