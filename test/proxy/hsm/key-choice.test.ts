import { describe, expect, it } from 'vitest';
import { ciphertextMetadata } from '../../../core/xks/ciphertext-metadata';
import type { XksResult } from '../../../core/xks/errors';
import { currentKey, openingOf, type KnownKey } from '../../../proxy/hsm/key-choice';
import type { DecryptOrder } from '../../../proxy/hsm/port';
import { generationOf } from '../../../core/pack/generation';
import { readKeys } from '../../../proxy/hsm/read-keys';

function keys(...ids: readonly string[]): readonly KnownKey[] {
  const written = ids.map((ckaId, i) => ({
    handle: `${'00'.repeat(7)}0${i}`,
    ckaId,
    aesBits: 256,
    usages: ['ENCRYPT', 'DECRYPT'],
  }));
  return readKeys(Buffer.from(JSON.stringify(written)))!;
}

const choice = (current: string | null = null, legacy: string | null = null) => ({ label: 'k', current, legacy });

function result<T>(answer: XksResult<T>, show: (value: T) => string): string {
  return answer.ok ? show(answer.value) : answer.error.reason;
}

const NONE = new Uint8Array();
const LEGACY = Buffer.from('key_version=1');
const ours = (ckaId: string) => ciphertextMetadata(Buffer.from(generationOf(ckaId), 'hex'));

describe('the generation of a key', () => {
  it('that encrypts is the only one, or the chosen one, and never a guess', () => {
    const current = (list: readonly KnownKey[], chosen: string | null) =>
      result(currentKey(choice(chosen), list), ({ ckaId }) => ckaId);
    expect(current(keys(), null)).toBe('noKey');
    expect(current(keys('01'), null)).toBe('01');
    expect(current(keys('01'), '01')).toBe('01');
    expect(current(keys('01'), '02')).toBe('generationMissing');
    expect(current(keys('01', '02'), null)).toBe('duplicateLabel');
    expect(current(keys('01', '02'), '02')).toBe('02');
    expect(current(keys('01', '01', '02'), '02')).toBe('duplicateId');
    // A key without CKA_ID is a generation too, but only one can be.
    expect(current(keys(''), null)).toBe('');
    expect(current(keys('', ''), null)).toBe('duplicateId');
  });

  it('that decrypts is the one the metadata names, or the legacy one', () => {
    const opening = (
      list: readonly KnownKey[],
      metadata: Uint8Array,
      key: DecryptOrder['key'] = choice(),
      foreignFramings: DecryptOrder['foreignFramings'] = ['sample', 'spec'],
    ) => {
      const order = { key, metadata, foreignFramings, ciphertext: NONE, iv: NONE, tag: NONE, aad: null };
      return result(openingOf(order, list, LEGACY), (value) => `${value.key.ckaId} ${value.framings.join()}`);
    };
    expect(opening(keys('01', '02'), ours('01'), choice('02'))).toBe('01 spec');
    expect(opening(keys('01', '02'), ours('03'), choice('02'))).toBe('generationUnknown');
    expect(opening(keys('01'), ours('03'))).toBe('01 spec');
    expect(opening(keys(), ours('01'))).toBe('noKey');
    expect(opening(keys('01', '01'), ours('01'))).toBe('duplicateId');
    for (const metadata of [NONE, LEGACY]) {
      expect(opening(keys('01'), metadata)).toBe('01 sample,spec');
      expect(opening(keys('01', '02'), metadata)).toBe('duplicateLabel');
      expect(opening(keys('01', '02'), metadata, choice('02'))).toBe('02 sample,spec');
      expect(opening(keys('01', '02'), metadata, choice('02', '01'))).toBe('01 sample,spec');
      expect(opening(keys('01'), metadata, choice(null, '05'))).toBe('generationMissing');
      expect(opening(keys('01'), metadata, choice(), [])).toBe('foreign');
    }
    expect(opening(keys('01'), Buffer.from('something else'))).toBe('metadataUnknown');
    // Another version of our own format is not ours to read.
    const later = Buffer.from(ours('01'));
    later[2] = 2;
    expect(opening(keys('01'), later)).toBe('metadataUnknown');
  });
});

describe('what a search found', () => {
  it('is taken only in the form a thread sends it', () => {
    const good = { handle: '0000000000000001', ckaId: '0a', aesBits: 256, usages: ['ENCRYPT'] };
    expect(readKeys(Buffer.from(JSON.stringify([good])))).toMatchObject([{ id: generationOf('0a'), aesBits: 256 }]);
    for (const bad of [
      '',
      'null',
      '{}',
      JSON.stringify([{ ...good, handle: '00' }]),
      JSON.stringify([{ ...good, more: 1 }]),
      JSON.stringify([{ ...good, usages: ['EVERYTHING'] }]),
    ])
      expect(readKeys(Buffer.from(bad))).toBeNull();
  });
});
