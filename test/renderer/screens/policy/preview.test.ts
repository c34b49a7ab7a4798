import { describe, expect, it } from 'vitest';
import { NO_PEOPLE } from '../../../../core/contract/key-policy';
import { nearLines } from '../../../../renderer/screens/policy/changes';
import { withSpec } from '../../../../renderer/screens/policy/key-form';
import { callerOf, lineOf, withoutBlanks, type PolicyDraft } from '../../../../renderer/screens/policy/preview';

const key = {
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
  replicaRegions: [],
} as const;

describe('the form of a key policy', () => {
  it('sends nobody for lines that are empty, and no spaces round an ARN', () => {
    const people = { ...NO_PEOPLE, users: ['', ' arn:a ', '  '], breakGlass: ' ' };
    expect(withoutBlanks(people)).toEqual({ ...NO_PEOPLE, users: ['arn:a'], breakGlass: null });
  });

  it('shows a problem at the line it is about, empty lines counted', () => {
    expect(lineOf(['', 'a', '', 'b'], 0)).toBe(1);
    expect(lineOf(['', 'a', '', 'b'], 1)).toBe(3);
    expect(lineOf(['', 'a'], 5)).toBe(-1);
  });

  it('asks as the chosen administrator, as the first where the chosen one is gone, and as nobody without any', () => {
    const draft = (administrators: string[], caller: string): PolicyDraft => ({
      people: { ...NO_PEOPLE, administrators },
      key: { ...key, replicaRegions: [] },
      caller,
      against: { what: 'nothing' },
    });
    expect(callerOf(draft(['a', 'b'], 'b'))).toBe('b');
    expect(callerOf(draft(['a', 'b'], 'c'))).toBe('a');
    expect(callerOf(draft([''], 'a'))).toBeNull();
  });

  it('never leaves a usage or a wrapping that the chosen spec does not take', () => {
    const rsa = withSpec({ ...key, replicaRegions: [] }, 'RSA_4096');
    expect(rsa).toMatchObject({ usage: 'ENCRYPT_DECRYPT', wrapping: { algorithm: 'RSA_AES_KEY_WRAP_SHA_256' } });
    expect(withSpec(rsa, 'HMAC_512')).toMatchObject({
      usage: 'GENERATE_VERIFY_MAC',
      wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
    });
  });

  it('shows changed lines with three around them, and a gap for the rest', () => {
    const same = Array.from({ length: 10 }, (_, i) => ({ kind: 'same' as const, text: String(i) }));
    const lines = [...same, { kind: 'added' as const, text: 'new' }, ...same];
    expect(nearLines(lines).map((line) => line?.text ?? '...')).toEqual(['7', '8', '9', 'new', '0', '1', '2', '...']);
    expect(nearLines(same)).toEqual([]);
  });
});
