import type { CeremonyState } from '../../ceremony/state';
import { roleOf } from '../../ceremony/variant';
import type { Script } from '../../ceremony/script';
import type { OfficerSummary } from '../../contract/values';
import type { BundleManifest, BundleSignature } from '../../bundle/manifest';

/** The approvals of a gate as a bundle carries them: the officers' signatures over its digest, out of this transcript. */
export function bundleSignatures(state: CeremonyState, gate: 'out' | 'back'): readonly BundleSignature[] {
  const digest = state.values[`${gate}.digest`];
  return (state.approvals[gate] ?? [])
    .filter((approval) => approval.digest === digest)
    .flatMap(({ seat, officer, signature }) => {
      const person = state.participants.find((one) => one.seat === seat);
      return person ? [{ seat, officer, name: person.name, publicKey: person.publicKey, signature }] : [];
    });
}

/** Whose approval counts at a gate: everyone of this ceremony who sits in one of its roles. */
export function approversOf(script: Script, state: CeremonyState, gate: 'out' | 'back'): BundleManifest['approvers'] {
  const roles = script.approvals[gate]?.of ?? [];
  return state.participants
    .filter(({ seat }) => roles.includes(roleOf(seat)))
    .map(({ seat, officer, name }) => ({ seat, officer, name }));
}

/**
 * Whose signature may count under a bundle of the other station: people this station knew when its preflight listed them, and nobody
 * who sits here in another role. Who enrols somebody in the middle of a ceremony gains nothing by it, and who reads or compares here
 * has not signed there.
 * @param signers the roles that sign at the other station
 */
export function knownAcrossTheGap(
  officers: readonly OfficerSummary[],
  state: CeremonyState,
  signers: readonly string[],
): readonly OfficerSummary[] {
  const listed = state.data['station.preflight']?.['officers'];
  const known: readonly unknown[] = Array.isArray(listed) ? listed : [];
  const here = state.participants.filter(({ seat }) => !signers.includes(roleOf(seat))).map(({ publicKey }) => publicKey);
  return officers.filter(({ id, publicKey }) => known.includes(id) && !here.includes(publicKey));
}
