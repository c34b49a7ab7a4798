import { TranscriptProof, type TranscriptFacts, type TranscriptProblem } from '../evidence/verify';
import type { TranscriptEvent } from '../evidence/event';
import { PROOF_TOOLS } from './bearing-of';
import { readLines } from './lines';
import type { FileDigest } from './sha256';

export interface ProvenTranscript {
  readonly problem: TranscriptProblem | null;
  /** Everything in it holds, and only the seal is still to come. */
  readonly isUnfinished: boolean;
  readonly facts: TranscriptFacts;
  readonly file: FileDigest;
}

/**
 * Proves a transcript that claims to be finished, in one pass and in constant memory.
 * @param each called with every event that held, in order
 * Rejects with the system's error when the file cannot be read.
 */
export async function proveTranscript(path: string, each?: (event: TranscriptEvent) => void): Promise<ProvenTranscript> {
  const proof = new TranscriptProof(PROOF_TOOLS);
  const line = (text: string): void => {
    if (proof.feed(text) === null && each && proof.lastEvent) each(proof.lastEvent);
  };
  const { size, sha256, tornBytes } = await readLines(path, { line, fault: (what) => proof.fault(what) });
  if (tornBytes > 0) proof.fault(`${tornBytes} bytes at the end are not ended by a newline`);
  const facts = proof.facts();
  return { problem: proof.end(), isUnfinished: proof.problem === null && facts.seal === null, facts, file: { size, sha256 } };
}
