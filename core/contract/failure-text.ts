import { ERROR_TEXTS } from './error-texts';
import type { Failure } from './result';

/** A refusal in the terminal: what happened, what it means for the key, what to do, and the facts that came with it. */
export function failureText({ code, detail }: Failure): string {
  const { what, means, do: remedy } = ERROR_TEXTS[code];
  const facts = Object.entries(detail).map(([name, value]) => `  ${name}: ${String(value)}`);
  return [what, `${means} ${remedy}`, ...facts, `(${code})`].join('\n');
}
