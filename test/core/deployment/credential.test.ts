import { describe, expect, it } from 'vitest';
import { parseCredentialFile } from '../../../core/as-kms/credential-file';
import { consoleFile } from '../../../core/deployment/console-file';
import { credentialFingerprint, newCredential } from '../../../core/deployment/credential';
import { base64Ascii } from '../../../core/deployment/secret-text';
import { isSecretAccessKey } from '../../../proxy/settings/patterns';
import { planOf } from './plans';

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

describe('a new credential', () => {
  it('keeps the rules of AWS KMS, and holds all of its random bits', () => {
    const { accessKeyId, secret } = newCredential();
    expect(accessKeyId).toMatch(/^[A-Z2-7]{29}$/);
    expect(isSecretAccessKey(textOf(secret))).toBe(true);
    expect(Buffer.from(textOf(secret), 'base64')).toHaveLength(32);
  });

  it('is another one each time', () => {
    const made = Array.from({ length: 200 }, newCredential);
    expect(new Set(made.map(({ accessKeyId }) => accessKeyId)).size).toBe(200);
    expect(new Set(made.map(({ secret }) => textOf(secret))).size).toBe(200);
  });

  it('lies in memory of its own: overwriting it overwrites nothing else, and nothing else holds it', () => {
    const { secret } = newCredential();
    expect(secret.buffer.byteLength).toBe(secret.length);
  });

  it('is spelled as Node spells base64, for every length', () => {
    for (let length = 0; length < 70; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 73 + length * 31) & 0xff);
      expect(textOf(base64Ascii(bytes))).toBe(Buffer.from(bytes).toString('base64'));
    }
  });

  it('has a fingerprint that changes with one character and is no digest of the secret alone', () => {
    const secret = Buffer.from('PleaseReplaceThisWithSomeSecretOfLength43To64');
    const other = Buffer.from('PleaseReplaceThisWithSomeSecretOfLength43To65');
    expect(credentialFingerprint(secret)).toMatch(/^[0-9a-f]{16}$/);
    expect(credentialFingerprint(secret)).not.toBe(credentialFingerprint(other));
    // printf 'keyrite xks secret access key v1\nPleaseReplace...64' | sha256sum
    expect(credentialFingerprint(secret)).toBe('83c011ade4020758');
  });
});

describe('the configuration file for the console', () => {
  it('holds path and credential, and is read back by the reader of proxy-test', () => {
    const plan = planOf();
    const { secret } = newCredential();
    const file = consoleFile(plan, secret);
    if (!file.ok) throw new Error(file.error.code);
    expect(parseCredentialFile(textOf(file.value))).toEqual({
      ok: true,
      value: { credential: { accessKeyId: plan.accessKeyId, secret: textOf(secret) }, prefix: '/production/blue' },
    });
    expect(Object.keys(JSON.parse(textOf(file.value)) as object)).toEqual([
      'XksProxyUriPath',
      'XksProxyAuthenticationCredential',
    ]);
  });

  it.each([42, 65])('is not made with a secret of %i characters', (length) => {
    expect(consoleFile(planOf(), new Uint8Array(length).fill(0x41)).ok).toBe(false);
  });

  it('is not made with a secret that could break out of its quotes, and the refusal does not repeat it', () => {
    const refused = consoleFile(planOf(), Buffer.from(`${'A'.repeat(43)}","x":"`));
    expect(refused.ok).toBe(false);
    expect(JSON.stringify(refused)).not.toContain('AAAA');
  });
});
