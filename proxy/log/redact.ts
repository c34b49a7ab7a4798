/**
 * A second line of defence: nothing here is handed a secret on purpose, but an error or a settings object that somebody logs one
 * day may carry one.
 */
const SECRET_NAMES =
  /(?:^|_)pin(?:_|$)|secret|password|passphrase|authorization|signature|plaintext|ciphertext|private|^key$|keymaterial/i;
/** `userPin`, `pinText`, but not `ping` or `opinion` */
const PIN_IN_A_NAME = /Pin(?:[A-Z]|$)|^pin[A-Z]/;
const REDACTED = '[redacted]';
const BYTES = '[bytes]';

/** Signatures of requests, private keys in PEM, and URLs with a password. */
const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/Signature=[0-9a-fA-F]+/g, `Signature=${REDACTED}`],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, REDACTED],
  [/\/\/[^/\s:@]+:[^/\s@]+@/g, `//${REDACTED}@`],
];

const DEEPEST = 4;
const LONGEST_TEXT = 4096;

/** The text without what looks like a secret, at most 4,096 characters. */
export function safeText(text: string): string {
  const short = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text;
  return SECRET_TEXTS.reduce((safe, [pattern, instead]) => safe.replaceAll(pattern, instead), short);
}

/** A copy of the fields without secrets and bytes, four levels deep at most. */
export function safeFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return members(fields, DEEPEST);
}

function members(value: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, isSecret(name, member) ? REDACTED : safe(member, depth - 1)]),
  );
}

/** Numbers like `pinLength` tell no secret; texts, bytes and objects under such a name may. */
function isSecret(name: string, member: unknown): boolean {
  return (
    (SECRET_NAMES.test(name) || PIN_IN_A_NAME.test(name)) &&
    typeof member !== 'number' &&
    typeof member !== 'boolean' &&
    member !== null
  );
}

function safe(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return safeText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return BYTES;
  if (value instanceof Error) return errorFields(value, depth);
  if (depth <= 0) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, 100).map((member) => safe(member, depth - 1));
  if (value instanceof Set || value instanceof Map) return safe([...value.keys()], depth);
  return members(value, depth);
}

function errorFields(error: Error, depth: number): Record<string, unknown> {
  const cause = error.cause === undefined || depth <= 0 ? {} : { cause: safe(error.cause, depth - 1) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { name: error.name, message: safeText(error.message), ...code, stack: safeText(error.stack ?? ''), ...cause };
}
