import type { SecretHandle } from './secret-field';
import type { Secret } from './secret';

/** A new secret entered twice: the bytes, or why not. Both fields are empty afterwards and what is not used is overwritten. */
export function takeTwice(first: SecretHandle | null, second: SecretHandle | null): Secret | 'empty' | 'differ' {
  const entry = first?.take() ?? null;
  const again = second?.take() ?? null;
  const isSame = entry !== null && again !== null && areEqual(entry, again);
  again?.fill(0);
  if (isSame) return entry;
  entry?.fill(0);
  return entry === null ? 'empty' : 'differ';
}

function areEqual(a: Secret, b: Secret): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
