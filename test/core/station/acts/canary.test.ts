import { describe, expect, it } from 'vitest';
import { failure, success } from '../../../../core/contract/result';
import type { KmsPort } from '../../../../core/kms/port';
import { hatch, sing } from '../../../../core/station/acts/canary';

type Asked = Parameters<KmsPort['encrypt']>[0];

/** KMS as far as a canary sees it. */
function kmsThat(answers: Partial<Pick<KmsPort, 'encrypt' | 'decrypt'>>): KmsPort {
  return answers as KmsPort;
}

describe('the canary', () => {
  it('is made of random bytes under a context of its own, twice never the same', async () => {
    const asked: Asked[] = [];
    const kms = kmsThat({
      encrypt: (request) => {
        asked.push(request);
        return Promise.resolve(success({ value: Uint8Array.of(1, 2, 3), requestId: 'request-1', at: '' }));
      },
    });
    const made = await hatch(kms, 'key-1');
    await hatch(kms, 'key-1');
    expect(made).toEqual(success({ canary: { keyId: 'key-1', ciphertext: Uint8Array.of(1, 2, 3) }, requestId: 'request-1' }));
    expect(asked[0]).toMatchObject({ keyId: 'key-1', context: { purpose: 'keyrite-canary' } });
    expect(asked[0]?.plaintext).toHaveLength(32);
    expect(asked[0]?.plaintext).not.toEqual(asked[1]?.plaintext);
  });

  it('is not made where KMS refuses: a drill needs something to lose', async () => {
    const kms = kmsThat({ encrypt: () => Promise.resolve(failure('aws.invalidState')) });
    expect(await hatch(kms, 'key-1')).toEqual(failure('aws.invalidState'));
  });

  it('tells a refusal with code and request id, and is no error', async () => {
    const kms = kmsThat({ decrypt: () => Promise.resolve(failure('aws.invalidState', { requestId: 'request-2' })) });
    const call = await sing(kms, { keyId: 'key-1', ciphertext: new Uint8Array() });
    expect(call).toMatchObject({ ok: false, code: 'aws.invalidState', requestId: 'request-2' });
    const silent = kmsThat({ decrypt: () => Promise.resolve(failure('aws.noAnswer')) });
    expect(await sing(silent, { keyId: 'key-1', ciphertext: new Uint8Array() })).toMatchObject({ ok: false, requestId: '' });
  });
});
