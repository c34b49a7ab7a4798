import { describe, expect, it } from 'vitest';
import type { CeremonyChoice } from '../../../../core/contract/values';
import type { KmsKeyReport } from '../../../../core/contract/kms-values';
import { inRepository } from '../../../../core/setup/root.mjs';
import { asChoice, listScripts } from '../../../../core/station/library';
import { fittingScripts, startInputs, type FittingScript } from '../../../../renderer/screens/keys/fitting';
import { draftFrom } from '../../../../renderer/screens/start/draft-from';
import { kmsPage } from '../../fixtures/kms';

const key = kmsPage.keys[0]!;

async function loadedScripts(): Promise<readonly CeremonyChoice[]> {
  const scripts = await listScripts(inRepository('resources'));
  return scripts.ok ? scripts.value.map((script) => asChoice(script)) : [];
}

const fits = (some: Partial<KmsKeyReport>): readonly FittingScript[] => fittingScripts({ ...key, ...some });

describe('the ceremonies that fit a KMS key', () => {
  it('are re-import, rotation and destruction for an enabled key with imported symmetric material', () => {
    expect(fits({})).toEqual(['byok-reimport', 'byok-rotate', 'key-destroy']);
  });

  it.each<[string, Partial<KmsKeyReport>]>([
    ['waits for material', { state: 'PendingImport' }],
    ['is an HMAC key', { spec: 'HMAC_256', rotations: null }],
    ['was rotated 25 times', { rotations: { done: 25, left: 0 } }],
    ['has replicas', { multiRegion: { role: 'primary', primaryArn: key.arn, replicaArns: [] } }],
    ['is disabled', { state: 'Disabled' }],
  ])('do not include a rotation where the key %s', (_, some) => {
    expect(fits(some)).toEqual(['byok-reimport', 'key-destroy']);
  });

  it.each<[string, Partial<KmsKeyReport>]>([
    ['AWS made the material', { origin: 'AWS_KMS' }],
    ['the key is going', { state: 'PendingDeletion' }],
  ])('are none where %s', (_, some) => {
    expect(fits(some)).toEqual([]);
  });

  it.each<[FittingScript, readonly string[]]>([
    ['byok-reimport', ['ckaId']],
    ['byok-rotate', []],
    ['key-destroy', ['authorisation', 'ckaId', 'checkValue']],
  ])('of %s begin with everything filled in but what KMS cannot know', async (script, left) => {
    const choices = await loadedScripts();
    const draft = draftFrom(choices, startInputs(script, key, kmsPage));
    expect(draft).toMatchObject({ script, runMode: 'rehearsal', inputs: { kmsKeyArn: key.arn, awsAccount: kmsPage.account } });
    expect(Object.entries(draft?.inputs ?? {}).flatMap(([name, value]) => (value === '' ? [name] : []))).toEqual(left);
  });

  it('name the HSM key where it is known, but not for a rotation, which makes another', () => {
    const known = { ...key, hsmKey: { label: 'byok-1', ckaId: 'ab'.repeat(16) } };
    expect(startInputs('byok-reimport', known, kmsPage)).toMatchObject({ keyLabel: 'byok-1', ckaId: 'ab'.repeat(16) });
    expect(startInputs('byok-rotate', known, kmsPage)).not.toHaveProperty('keyLabel');
  });

  it('of a production key begin with the online half', async () => {
    const draft = draftFrom(await loadedScripts(), startInputs('byok-rotate', key, { ...kmsPage, runMode: 'production' }));
    expect(draft).toMatchObject({ runMode: 'production', inputs: { leg: 'online' } });
  });
});
