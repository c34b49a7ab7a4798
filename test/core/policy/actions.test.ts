import * as kms from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL_KEY_ACTIONS, expand, GRANT_ACTIONS, IAM_ONLY_ACTIONS, matchesAction, wildcard } from '../../../core/policy/actions';
import { comesWith, CONDITION_KEYS, conditionKey, isMultivalued } from '../../../core/policy/condition-keys';

describe('the actions of a key policy', () => {
  it('are, with those of IAM policies, the operations of KMS; ReEncrypt is two', () => {
    const operations = Object.keys(kms).filter((name) => /^[A-Z]\w+Command$/.test(name) && !name.startsWith('$'));
    const actions = operations
      .map((name) => name.replace(/Command$/, ''))
      .flatMap((name) => (name === 'ReEncrypt' ? ['ReEncryptFrom', 'ReEncryptTo'] : [name]));
    expect([...ALL_KEY_ACTIONS, ...IAM_ONLY_ACTIONS].toSorted()).toEqual(actions.toSorted());
  });

  it('are passed on by grants as CreateGrant says; what is asked of a policy for RetireGrant is nothing', () => {
    const operations = Object.values(kms.GrantOperation).filter((name) => name !== 'RetireGrant');
    expect([...GRANT_ACTIONS].toSorted()).toEqual(operations.toSorted());
  });

  it('are covered by patterns whatever their letter case', () => {
    expect(expand('kms:Delete*')).toEqual(['kms:DeleteAlias', 'kms:DeleteImportedKeyMaterial']);
    expect(expand('KMS:SIGN')).toEqual(['kms:Sign']);
    expect(expand('kms:')).toEqual([]);
    expect(expand('*')).toHaveLength(ALL_KEY_ACTIONS.length);
    expect(matchesAction('kms:Verif?', 'kms:Verify')).toBe(true);
  });
});

describe('wildcard', () => {
  it('matches as the regular expression would', () => {
    const short = fc.stringMatching(/^[ab*?]{0,8}$/);
    fc.assert(
      fc.property(short, fc.stringMatching(/^[ab]{0,10}$/), (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(wildcard(pattern, text)).toBe(expression.test(text));
      }),
      { numRuns: 1000 },
    );
  });

  it('does not blow up on stars', () => {
    expect(wildcard('*a'.repeat(50) + 'b', 'a'.repeat(5000))).toBe(false);
  });
});

describe('condition keys', () => {
  it('name actions that exist', () => {
    for (const { actions } of Object.values(CONDITION_KEYS)) {
      if (typeof actions !== 'string') expect(actions.filter((name) => !ALL_KEY_ACTIONS.includes(name))).toEqual([]);
    }
  });

  it('are known by any letter case, and families by what they begin with', () => {
    expect(conditionKey('KMS:VALIDTO')).toBe(CONDITION_KEYS['kms:ValidTo']);
    expect(conditionKey('kms:EncryptionContext:a')).not.toBeNull();
    expect(conditionKey('kms:EncryptionContext:')).toBeNull();
    expect(conditionKey('kms:Nothing')).toBeNull();
  });

  it('come with their actions and no other', () => {
    expect(comesWith('kms:ValidTo', 'kms:ImportKeyMaterial')).toBe(true);
    expect(comesWith('kms:ValidTo', 'kms:GetParametersForImport')).toBe(false);
    expect(comesWith('kms:ResourceAliases', 'kms:Decrypt')).toBe(false);
    expect(comesWith('aws:SourceIp', 'kms:Decrypt')).toBe(true);
  });

  it('have several values or one', () => {
    expect(['kms:GrantOperations', 'kms:ViaService', 'aws:TagKeys', 'aws:SourceIp', 'my:key'].map(isMultivalued)).toEqual([
      true,
      false,
      true,
      false,
      null,
    ]);
  });
});
