import type { KmsKeyReport, KmsKeysPage } from '../../../core/contract/kms-values';

export type FittingScript = 'byok-reimport' | 'byok-rotate' | 'key-destroy';

/** Which ceremonies can be held on a key as it is. The ceremony itself looks again, and refuses what does not fit any more. */
export function fittingScripts({ origin, state, spec, multiRegion, rotations }: KmsKeyReport): readonly FittingScript[] {
  if (origin !== 'EXTERNAL' || state === 'PendingDeletion' || state === 'PendingReplicaDeletion') return [];
  // Replicas take a new material before their primary does: that is another ceremony, for all of them.
  const canRotate = state === 'Enabled' && spec === 'SYMMETRIC_DEFAULT' && multiRegion === null && (rotations?.left ?? 0) > 0;
  return ['byok-reimport', ...(canRotate ? (['byok-rotate'] as const) : []), 'key-destroy'];
}

/**
 * What the start form knows then: the key, where and as whom it was read, and the HSM key where this station's evidence names it. A
 * rotation makes another HSM key; check value and authorisation come from paper.
 */
export function startInputs(script: FittingScript, entry: KmsKeyReport, page: KmsKeysPage): Readonly<Record<string, string>> {
  return {
    script,
    runMode: page.runMode,
    // In production the HSM is never on the station that talks to AWS, and this one does.
    leg: page.runMode === 'production' ? 'online' : 'both',
    kmsKeyArn: entry.arn,
    ...(entry.hsmKey === null || script === 'byok-rotate' ? {} : { keyLabel: entry.hsmKey.label, ckaId: entry.hsmKey.ckaId }),
    keySpec: entry.spec === 'SYMMETRIC_DEFAULT' ? 'AES_256' : entry.spec,
    keyUsage:
      entry.usage === 'KEY_AGREEMENT' || (entry.usage === 'ENCRYPT_DECRYPT' && entry.spec.startsWith('RSA_'))
        ? entry.usage
        : 'usual',
    multiRegion: entry.multiRegion === null ? 'no' : 'yes',
    awsAccount: page.account,
    awsRegion: page.region,
    awsPrincipal: page.callerArn,
  };
}
