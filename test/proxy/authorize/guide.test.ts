import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { readTrialRequest } from '../../../proxy/authorize/trial-request';
import { authorizerOf, CREATE_KEY, fileWith, query, removeTemporaryFolders, shippedPolicy } from './policy-folder';

afterAll(removeTemporaryFolders);

const guide = readFileSync(new URL('../../../docs/authorization.md', import.meta.url), 'utf8');

/** The blocks of the guide in one language, in order. */
function blocks(language: string): string[] {
  return [...guide.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) => text);
}

async function decided(policy: string | undefined, ...asked: Parameters<typeof query>): Promise<string> {
  const { decide } = await authorizerOf(await fileWith(policy ?? ''));
  const verdict = decide(query(...asked));
  return `${verdict.allowed ? 'allowed' : 'denied'} by ${verdict.policy}`;
}

describe('the guide to authorization', () => {
  const [oneRole, several, readOnly, endpoint, ...rest] = blocks('cedar');

  it('has four examples of policies', () => {
    expect(rest).toEqual([]);
    expect(endpoint).toBeDefined();
  });

  it('shows a key for one role', async () => {
    const key = { keyId: 'payments-2026' };
    const caller = 'arn:aws:sts::111122223333:assumed-role/payments/batch';
    expect(await decided(oneRole, { ...key, caller })).toBe('allowed by payments-role');
    expect(await decided(oneRole, key)).toBe('denied by default-deny');
    expect(await decided(oneRole, {})).toBe('allowed by other-keys');
    expect(await decided(oneRole, { ...key, ...CREATE_KEY })).toBe('allowed by create-payments-key');
  });

  it('shows how several people lose access', async () => {
    expect(await decided(several, { caller: 'arn:aws:iam::111122223333:user/quirrell' })).toBe('denied by left-the-company');
    expect(await decided(several, {})).toBe('allowed by everybody-else');
  });

  it('shows a key that is only read', async () => {
    const key = { keyId: 'old-2024' };
    expect(await decided(readOnly, { ...key, kmsOperation: 'GenerateDataKey' })).toBe('denied by read-only');
    expect(await decided(readOnly, { ...key, api: 'Decrypt', kmsOperation: 'Decrypt' })).toBe('allowed by everything');
    expect(await decided(readOnly, {})).toBe('allowed by everything');
  });

  it('shows one way in, and services beside it', async () => {
    expect(await decided(endpoint, { vpce: 'vpce-0a1b2c3d' })).toBe('allowed by our-endpoint');
    expect(await decided(endpoint, { vpce: 'vpce-other' })).toBe('denied by default-deny');
    expect(await decided(endpoint, {})).toBe('denied by default-deny');
    expect(await decided(endpoint, { via: 'ebs' })).toBe('allowed by services');
    expect(await decided(endpoint, { caller: 'AWS Internal' })).toBe('allowed by services');
    expect(await decided(endpoint, CREATE_KEY)).toBe('allowed by create-key');
  });

  it('shows requests that can be tried, in both forms', () => {
    const read = blocks('json').map((text) => readTrialRequest(text, 'guide'));
    expect(read).toHaveLength(2);
    expect(read).toMatchObject([
      { ok: true, query: { api: 'Encrypt', store: 'blue', keyId: 'foo', via: 's3.eu-west-1.amazonaws.com' } },
      { ok: true, query: { api: 'GetKeyMetadata', store: 'blue', keyId: 'foo', kmsOperation: 'CreateKey' } },
    ]);
  });

  it('names everything the model has, and nothing else', () => {
    const schema = readFileSync(shippedPolicy('xks.cedarschema'), 'utf8').replaceAll(/\/\/.*/g, '');
    const members = [...schema.matchAll(/"(\w+)"\??: (?:String|Bool)/g)].map(([, name = '']) => name);
    const named = [...guide.matchAll(/`(?:principal|resource|context)\.(\w+)`/g)].map(([, name = '']) => name);
    expect(members.length).toBeGreaterThan(0);
    expect([...new Set(named)].sort()).toEqual([...new Set(members)].sort());
  });
});
