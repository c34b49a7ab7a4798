/**
 * What a busy machine may miss in a ceremony, and says: a mark in milliseconds. The marks themselves are measured by the bench; that a
 * drill fails where it must has tests of its own.
 */
export function isBusy(text: string): boolean {
  return [
    /^CER-XKS-LATENCY: [^;]*$/,
    /^CER-DRILL-LAST-OPERATION: (?:[\w.-]+: )?the last after \d{2,3} ms$/,
    /^CER-DRILL-NO-OPERATION: (?:[\w.-]+: )?1, [^;]*$/,
  ].some((mark) => mark.test(text));
}
