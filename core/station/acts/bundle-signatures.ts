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
 * Whose signature may count under a bundle of the other station: people this station knows, but nobody who holds one of the seats of
 * this half. A crypto officer who signed as AWS operator would be both sides of the gap.
 */
export function knownAcrossTheGap(
  officers: readonly OfficerSummary[],
  state: CeremonyState,
  ownRoles: readonly string[],
): readonly OfficerSummary[] {
  const own = state.participants.filter(({ seat }) => ownRoles.includes(roleOf(seat))).map(({ publicKey }) => publicKey);
  return officers.filter(({ publicKey }) => !own.includes(publicKey));
}
