import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../core/contract/errors';
import { callOf } from '../../core/kms/calls';
import { REPEATS, WAITS_MS } from '../../core/kms/retry';
import { ALL_KEY_ACTIONS, IAM_ONLY_ACTIONS } from '../../core/policy/actions';
import { ACTS } from '../core/kms/every-call';

const guide = await readFile(new URL('../../docs/aws.md', import.meta.url), 'utf8');

describe('docs/aws.md', () => {
  it('names codes that exist', () => {
    const codes = [...guide.matchAll(/`(aws\.[a-zA-Z]+)`/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(5);
    for (const code of codes) expect(ERROR_CODES).toContain(code);
  });

  it('says how long is waited between attempts', () => {
    const seconds = (waits: readonly number[]): string => {
      const said = waits.map((ms) => String(ms / 1000));
      return `asked again after ${said.slice(0, -1).join(', ')} and ${said.at(-1)} s`;
    };
    expect(guide).toContain(seconds(WAITS_MS.again));
    expect(guide).toContain(seconds(WAITS_MS.slowly));
    expect(WAITS_MS.never).toEqual([]);
  });

  it('allows actions that exist, and each that a call of a ceremony needs', () => {
    const table = guide.split('## Least permissions')[1] ?? '';
    const named = new Set([...table.matchAll(/`kms:([A-Z]\w+)`/g)].map(([, action]) => action ?? ''));
    const known = [...ALL_KEY_ACTIONS, ...IAM_ONLY_ACTIONS].map((action) => action.replace(/^kms:/, ''));
    const conditions = ['KeyOrigin', 'KeySpec', 'BypassPolicyLockoutSafetyCheck', 'WrappingAlgorithm', 'WrappingKeySpec'];
    conditions.push('ExpirationModel', 'ValidTo', 'ScheduleKeyDeletionPendingWindowInDays');
    expect([...named].filter((action) => !known.includes(action) && !conditions.includes(action))).toEqual([]);
    const unlisted = ACTS.map((act) => callOf(act).operation).filter((operation) => !named.has(operation));
    // What no ceremony does, what goes by another action, and what the policy editor and key owners do.
    expect(unlisted.sort()).toEqual([
      'CreateGrant',
      'GenerateDataKeyWithoutPlaintext',
      'ReEncrypt',
      'UpdateAlias',
      'UpdateKeyDescription',
    ]);
  });

  it('counts nothing that changes something among what is asked again', () => {
    const again = Object.entries(REPEATS).filter(([, repeat]) => repeat === 'again');
    for (const [operation] of again)
      expect(operation).toMatch(
        /^(Get|List|Describe|Encrypt$|Decrypt$|ReEncrypt$|GenerateMac$|GenerateDataKey$|GenerateDataKeyWithoutPlaintext$)/,
      );
  });
});
