import type { z } from 'zod';
import { invalid, no, yes, type Answer } from './refusal';

/** Members whose value a message of AWS does not repeat. */
const NOT_REPEATED = new Set([
  'Plaintext',
  'CiphertextBlob',
  'ImportToken',
  'EncryptedKeyMaterial',
  'Message',
  'Mac',
  'Signature',
  'XksProxyAuthenticationCredential',
]);
const MAX_REPEATED = 256;

/**
 * Reads a request. Members the operation does not know are passed over, as AWS does. Errors: ValidationException with the words of
 * AWS, one clause for each member; SerializationException where a member has another JSON type.
 */
export function readInput<I>(input: z.ZodType<I>, raw: unknown): Answer<I> {
  const read = input.safeParse(raw);
  if (read.success) return yes(read.data);
  const issues = read.error.issues;
  const misfit = issues.find((issue) => issue.code === 'invalid_type' && valueAt(raw, issue.path) !== undefined);
  if (misfit) return no('SerializationException', `The value at '${memberPath(misfit.path)}' has the wrong type.`);
  const clauses = issues.map((issue) => clause(issue, raw));
  return invalid(`${clauses.length} validation error${clauses.length > 1 ? 's' : ''} detected: ${clauses.join('; ')}`);
}

function clause(issue: z.core.$ZodIssue, raw: unknown): string {
  return `${subject(issue.path, raw)} failed to satisfy constraint: ${constraint(issue)}`;
}

function subject(path: readonly PropertyKey[], raw: unknown): string {
  const value = valueAt(raw, path);
  const isSimple = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  const isRepeated = isSimple && !path.some((part) => NOT_REPEATED.has(String(part)));
  return `Value${isRepeated ? ` '${String(value).slice(0, MAX_REPEATED)}'` : ''} at '${memberPath(path)}'`;
}

function constraint(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return 'Member must not be null';
    case 'too_big':
      return `Member must have ${measure(issue.origin)} less than or equal to ${String(issue.maximum)}`;
    case 'too_small':
      return `Member must have ${measure(issue.origin)} greater than or equal to ${String(issue.minimum)}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.map(String).join(', ')}]`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${(issue.pattern ?? '').replaceAll(/^\/|\/[a-z]*$/g, '')}`;
    default:
      return issue.message;
  }
}

function measure(origin: string): string {
  return origin === 'number' || origin === 'int' ? 'value' : 'length';
}

/** `tags.1.member.tagKey`: AWS's members begin small and count from one. */
function memberPath(path: readonly PropertyKey[]): string {
  return path.map((part) => (typeof part === 'number' ? `${part + 1}.member` : lowerFirst(String(part)))).join('.');
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  let value = raw;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value ?? undefined;
}
