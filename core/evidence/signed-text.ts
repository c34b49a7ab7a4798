/**
 * The exact ASCII texts officers sign. Each begins with what the signature is for, so that a signature
 * given for one purpose can never be shown as another.
 */

/** Seals a transcript. `head` is the hash of the event before `sealed`. */
export function transcriptText(head: string): string {
  return `keyrite-transcript-v1\n${head}\n`;
}

/** Signs a person in to a seat of the ceremony whose event 0 has the hash `genesis`. */
export function attendanceText(genesis: string, seat: string): string {
  return `keyrite-attendance-v1\n${genesis}\n${seat}\n`;
}

/** Approves what the screen shows: `digest` is SHA-256 of the JCS form of the shown subject; `gate` names the approval. */
export function approvalText(genesis: string, gate: string, digest: string): string {
  return `keyrite-approval-v1\n${genesis}\n${gate}\n${digest}\n`;
}
