import { participantsProblem } from '../evidence/signatories';
import { approvalText } from '../evidence/signed-text';
import { verifyEd25519 } from '../pack/ed25519';
import { sha256Bytes } from '../pack/sha256';
import { BUNDLE_GATES } from './layout';
import { bundleDigest, type BundleManifest, type BundleSignature } from './manifest';

/** The exact text under which the officers of the sending station put their signatures: their approval of the bundle's digest. */
export function signedText(manifest: BundleManifest): string {
  return approvalText(manifest.genesis, BUNDLE_GATES[manifest.kind], bundleDigest(manifest));
}

/**
 * Why the signatures under a manifest do not hold, or null: at least one; seats and keys are what the manifest says of its approvers;
 * every one verifies. It does not say that anybody here knows the signers.
 */
export function signaturesProblem(manifest: BundleManifest): string | null {
  const { signatures, approvers } = manifest;
  if (signatures.length === 0) return 'Nobody signed it.';
  const people = participantsProblem({ participants: signatures }, sha256Bytes);
  if (people !== null) return `Its signatures cannot be believed: ${people}.`;
  const stranger = signatures.find((line) => !approvers.some((approver) => isSamePerson(approver, line)));
  if (stranger) return `${stranger.seat} (${stranger.name}) signed, but is not among those whose approval counts.`;
  const text = signedText(manifest);
  const forged = signatures.find(({ publicKey, signature }) => !verifyEd25519(publicKey, text, signature));
  return forged ? `The signature of ${forged.seat} (${forged.name}) does not verify.` : null;
}

function isSamePerson(approver: BundleManifest['approvers'][number], line: BundleSignature): boolean {
  return approver.seat === line.seat && approver.officer === line.officer && approver.name === line.name;
}
