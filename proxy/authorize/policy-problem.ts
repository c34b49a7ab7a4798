import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import type { SettingsRemark } from '../settings/settings';

const REMEDY = 'The model is in resources/policies/xks.cedarschema, with examples beside it.';

/** A reason not to take a policy file. `key` is `file`, or `file:line:column` where the place is known. */
export function policyError(key: string, problem: string, remedy: string): SettingsRemark {
  return { severity: 'error', key, problem, remedy };
}

/** Line and column, from 1, of a place in bytes of UTF-8, which is how the engine counts. Columns count characters. */
export function placeIn(text: string, byte: number): string {
  const before = Buffer.from(text, 'utf8').subarray(0, byte).toString('utf8');
  const lines = before.split('\n');
  return `${lines.length}:${Array.from(lines.at(-1) ?? '').length + 1}`;
}

function sentence(text: string): string {
  const whole = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.?!]$/.test(whole) ? whole : `${whole}.`;
}

/** What the engine says, without the words that only repeat where it says it. */
function problemOf({ message, sourceLocations }: DetailedError): string {
  const label = sourceLocations?.[0]?.label ?? '';
  const short = message.replace(/^failed to parse policies from string: /, '').replace(/^for policy `[^`]*`, /, '');
  return sentence(label === '' ? short : `${short}: ${label}`);
}

/** An error of the engine as a remark with its place in `text`. */
export function engineRemark(file: string, text: string, error: DetailedError): SettingsRemark {
  const start = error.sourceLocations?.[0]?.start;
  const help = error.help?.replace(/^for policy `[^`]*`, /, '') ?? '';
  return policyError(
    start === undefined ? file : `${file}:${placeIn(text, start)}`,
    problemOf(error),
    help === '' ? REMEDY : `${sentence(help)} ${REMEDY}`,
  );
}
