import type { Failure } from '../contract/result';

/** A refusal in the terminal: the code for the manual, and the facts that came with it. The screen has its own sentences. */
export function failureText({ code, detail }: Failure): string {
  const facts = Object.entries(detail).map(([name, value]) => `${name}: ${String(value)}`);
  return facts.length === 0 ? `Refused (${code}).` : `Refused (${code}): ${facts.join('; ')}.`;
}
