import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CeremonyState } from '../../ceremony/state';

const takenSet = z.strictObject({
  n: z.int(),
  region: z.string(),
  keyArn: z.string(),
  spkiSha256: z.string(),
});

/** A set of the OUT bundle as it was taken in; its wrapping key is artefact `n - 1` of that act. */
export type TakenSet = z.infer<typeof takenSet>;

export function takenSets(state: CeremonyState): readonly TakenSet[] {
  return z.array(takenSet).parse(state.data['bundle.readOut']?.['sets'] ?? []);
}

/** CKA_ID and label of a wrapping key on the token follow from the key, so that an act that is repeated finds what it made. */
export function wrappingKeyName(spkiSha256: string): { readonly ckaId: string; readonly label: string } {
  const ckaId = createHash('sha256').update(`keyrite-wrapping-key-v1\n${spkiSha256}\n`).digest('hex').slice(0, 32);
  return { ckaId, label: `kms-wrap-${spkiSha256.slice(0, 8)}` };
}

/** What the HSM key is asked to sign to prove later that KMS holds the same: bound to the bundle, so that it is not chosen by anybody. */
export function proofChallenge(outDigest: string): Uint8Array {
  return createHash('sha256').update(`keyrite-proof-v1\n${outDigest}\n`).digest();
}
