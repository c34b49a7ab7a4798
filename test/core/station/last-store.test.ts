import { describe, expect, it } from 'vitest';
import { isAboutStore } from '../../../core/station/last-store';
import { listScripts } from '../../../core/station/library';
import { RESOURCES, value } from './stage';

describe('the key store that was set up last at a station', () => {
  it('fills in the forms that begin with a key store or with a KMS key alone, and no others', async () => {
    const scripts = value(await listScripts(RESOURCES)).map(({ script }) => script);
    const filled = scripts.filter(isAboutStore).map(({ id }) => id);
    expect(filled.toSorted()).toEqual([
      ...['kill-drill', 'kms-disable', 'xks-disconnect', 'xks-retire', 'xks-rotate-credential', 'xks-rotate-key'],
    ]);
  });
});
