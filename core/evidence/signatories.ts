import { base64Bytes } from './base64';
import type { Bearing, Opening, Signatory, SignOffLine } from './bearing';
import type { VerifySignature } from './event';
import { officerId, type Sha256Bytes } from './officer-id';
import { isSmallOrder } from './small-order';
import { approvalText, attendanceText, transcriptText } from './signed-text';

/** Why the participants of event 0 cannot be believed, or null: seats are unique, keys are keys, ids follow from keys. */
export function participantsProblem({ participants }: Pick<Opening, 'participants'>, sha256: Sha256Bytes): string | null {
  if (participants.length === 0) return 'no participant is named';
  const seats = new Set<string>();
  for (const { seat, officer, publicKey } of participants) {
    if (seats.has(seat)) return `seat ${seat} is given twice`;
    seats.add(seat);
    const key = base64Bytes(publicKey);
    if (key?.length !== 32) return `the public key of ${seat} is not a raw Ed25519 key in base64`;
    if (isSmallOrder(key)) return `the public key of ${seat} is one that anybody can sign for`;
    if (officerId(key, sha256) !== officer) return `the officer id of ${seat} does not follow from the public key of ${seat}`;
  }
  return null;
}

type Given = Extract<Bearing, { kind: 'signedIn' | 'approved' }>;

/** Why a signature given on the way (attendance, approval) does not hold, or null. `genesis` is the hash of event 0. */
export function givenSignatureProblem(
  given: Given,
  participants: readonly Signatory[],
  genesis: string,
  verify: VerifySignature,
): string | null {
  const person = participants.find(({ seat }) => seat === given.seat);
  if (!person) return `seat ${given.seat} is not a participant of event 0`;
  if (person.officer !== given.officer) return `officer ${given.officer} does not hold seat ${given.seat}`;
  const text = given.kind === 'signedIn' ? attendanceText(genesis, given.seat) : approvalText(genesis, given.gate, given.digest);
  return verify(person.publicKey, text, given.signature)
    ? null
    : `the signature of ${given.seat} (${person.name}) does not verify`;
}

/** Why the lines under a sealed transcript do not hold, or null: one for each participant of event 0, unchanged, at least one signed. */
export function sealProblem(
  lines: readonly SignOffLine[],
  participants: readonly Signatory[],
  head: string,
  verify: VerifySignature,
): string | null {
  const stranger = lines.find((line) => !participants.some((person) => samePerson(person, line)));
  if (stranger)
    return `${stranger.seat} (${stranger.name}, officer ${stranger.officer}) is not a participant of event 0 with that key`;
  for (const person of participants) {
    const count = lines.filter(({ seat }) => seat === person.seat).length;
    if (count !== 1) return `${person.seat} (${person.name}) has ${count} signature lines instead of one`;
  }
  const forged = lines.find((line) => 'signature' in line && !verify(line.publicKey, transcriptText(head), line.signature));
  if (forged) return `the signature of ${forged.seat} (${forged.name}) does not verify`;
  return lines.some((line) => 'signature' in line) ? null : 'nobody signed: no key vouches for this transcript';
}

function samePerson(a: Signatory, b: Signatory): boolean {
  return a.seat === b.seat && a.officer === b.officer && a.name === b.name && a.publicKey === b.publicKey;
}
