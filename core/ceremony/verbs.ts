import type { VerbFacts } from './verb-facts';
import { BUNDLE_VERBS } from './verbs/bundle';
import { DRILL_VERBS } from './verbs/drill';
import { KMS_VERBS } from './verbs/kms';
import { PROXY_VERBS } from './verbs/proxy';
import { SERVER_VERBS } from './verbs/servers';
import { STATION_VERBS } from './verbs/station';
import { STORE_VERBS } from './verbs/store';
import { TOKEN_VERBS } from './verbs/token';

/** Every act a script may ask for. A new verb is a line in `verbs/`, a file in `core/station/acts`, and a test. */
export const VERBS = {
  ...STATION_VERBS,
  ...TOKEN_VERBS,
  ...KMS_VERBS,
  ...BUNDLE_VERBS,
  ...STORE_VERBS,
  ...PROXY_VERBS,
  ...DRILL_VERBS,
  ...SERVER_VERBS,
} as const satisfies Record<string, VerbFacts>;

export type VerbName = keyof typeof VERBS;

export function verbFacts(name: VerbName): VerbFacts {
  return VERBS[name];
}

export function isVerb(name: string): name is VerbName {
  return Object.hasOwn(VERBS, name);
}

/** Errors after which nobody knows whether the act happened. */
const SILENT_ERRORS: readonly string[] = [
  'token.moduleCrashed',
  'token.timeout',
  'token.device',
  'token.removed',
  'aws.noAnswer',
  'aws.internal',
  'aws.unknown',
];

/** An act that must not happen twice, and whose failure does not say that it did not happen: the token or AWS is asked, by people. */
export function leavesInDoubt(result: {
  readonly operation: string;
  readonly ok: boolean;
  readonly error: { readonly code: string } | null;
}): boolean {
  const once = isVerb(result.operation) && verbFacts(result.operation).once;
  return once && !result.ok && SILENT_ERRORS.includes(result.error?.code ?? '');
}
