import { describe, expect, it } from 'vitest';
import { groundworkOf, namedIn, type ImportedKey } from '../../../core/rehearsal/practice-key';
import { listScripts } from '../../../core/station/library';
import { RESOURCES, value } from '../station/stage';

const KEY: ImportedKey = {
  kmsKeyArn: 'arn:aws:kms:eu-central-1:000000000000:key/1',
  ckaId: 'ab'.repeat(16),
  keyLabel: 'xks-root-1',
  checkValue: '123456',
};

const scripts = value(await listScripts(RESOURCES)).map(({ script }) => script);
const script = (id: string) => scripts.find((one) => one.id === id)!;

describe('the ceremony whose work a script begins with', () => {
  it('is known for every script of the library', () => {
    expect(Object.fromEntries(scripts.map((one) => [one.id, groundworkOf(one)]))).toEqual({
      byok: null,
      'byok-multi-region': null,
      'byok-reimport': 'byok',
      'byok-rotate': 'byok',
      'hsm-key': null,
      'key-destroy': 'byok',
      'kill-drill': 'xks-store',
      'kms-disable': 'xks-store',
      'proxy-arm': 'xks-store',
      'xks-disconnect': 'xks-store',
      'xks-retire': 'xks-store',
      'xks-rotate-credential': 'xks-store',
      'xks-rotate-key': 'xks-store',
      'xks-store': null,
    });
  });
});

describe('the key that it leaves, by the inputs of the next', () => {
  it('is named by ARN, CKA_ID and label where the script asks for all of them', () => {
    expect(namedIn(script('xks-rotate-key'), KEY)).toEqual({
      kmsKeyArn: KEY.kmsKeyArn,
      ckaId: KEY.ckaId,
      keyLabel: KEY.keyLabel,
    });
  });

  it('is named by nothing that the script does not ask for', () => {
    expect(namedIn(script('kill-drill'), KEY)).toEqual({ kmsKeyArn: KEY.kmsKeyArn });
    expect(namedIn(script('proxy-arm'), KEY)).toEqual({});
  });

  it('does not lend its label to a new key', () => {
    expect(namedIn(script('byok-rotate'), KEY)).not.toHaveProperty('keyLabel');
  });
});
