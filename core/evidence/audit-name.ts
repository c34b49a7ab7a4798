/** `audit-000000000000.jsonl`: the seq of its first event, so that a listing shows the order and where a file is missing. */
export function auditFileName(firstSeq: number): string {
  return `audit-${String(firstSeq).padStart(12, '0')}.jsonl`;
}

/** The seq of the first event in an audit file of this name; null for the name of something else. */
export function firstSeqIn(name: string): number | null {
  const digits = /^audit-(\d{12,15})\.jsonl$/.exec(name)?.[1];
  const seq = Number(digits);
  return digits !== undefined && auditFileName(seq) === name ? seq : null;
}

/** Held by the process that writes the folder; the only other thing that may lie in it. */
export const AUDIT_LOCK = 'lock';
