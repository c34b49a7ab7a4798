import { readEvent, type CeremonyEvent } from '../ceremony/events';
import type { Bearing, BearingOf } from '../evidence/bearing';
import type { ProofTools } from '../evidence/verify';
import { verifyEd25519 } from './ed25519';
import { sha256Bytes, sha256Text } from './sha256';

/** Joins the ceremony's vocabulary to the proof: what an event of each type bears on it. */
export const bearingOf: BearingOf = (event) => {
  const reading = readEvent(event);
  return reading.ok ? { ok: true, bearing: bearing(reading.event) } : reading;
};

function bearing(event: CeremonyEvent): Bearing {
  switch (event.type) {
    case 'opened':
      return { kind: 'opened', opening: event.data };
    case 'signedIn':
      return { kind: 'signedIn', ...event.data };
    case 'approved':
      return { kind: 'approved', ...event.data };
    case 'result':
      return event.data.artefacts.length === 0 ? { kind: 'none' } : { kind: 'artefacts', references: event.data.artefacts };
    case 'exceptionOpened':
      return { kind: 'exception' };
    case 'signOffOpened':
      return { kind: 'signOff', outcome: event.data.outcome };
    case 'sealed':
      return { kind: 'sealed', ...event.data };
    default:
      return { kind: 'none' };
  }
}

/** SHA-256, Ed25519 and the vocabulary, as this machine has them. */
export const PROOF_TOOLS: ProofTools = { sha256: sha256Text, sha256Bytes, verifySignature: verifyEd25519, bearingOf };
