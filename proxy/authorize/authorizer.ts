import { createHash } from 'node:crypto';
import type { SettingsRemark } from '../settings/settings';
import { loadCedar, type Cedar } from './cedar';
import { createDecisionCache } from './decision-cache';
import { judgePolicies, type Judgement } from './judge';
import { cedarCall } from './model';
import { readPolicyFile } from './policy-file';
import { namePolicies } from './policy-names';
import { trialRun } from './trial-run';
import { engineRemark, policyError } from './policy-problem';
import { queryKey, type AuthorizationQuery } from './query';

export type { AuthorizationQuery } from './query';

export interface AuthorizationVerdict {
  readonly allowed: boolean;
  /**
   * the ids of the policies that decided, joined by ','; `default-deny` when none permitted, `fault` when the engine failed,
   * '' for GetHealthStatus, which is exempt
   */
  readonly policy: string;
}

/** The policies of one file. A reload makes a new one; requests keep the one they began with. */
export interface Authorizer {
  readonly decide: (query: AuthorizationQuery) => AuthorizationVerdict;
  /** ids of all policies, in the order of the file */
  readonly policies: readonly string[];
}

export type LoadedAuthorizer =
  { readonly ok: true; readonly value: Authorizer } | { readonly ok: false; readonly problems: readonly SettingsRemark[] };

/** Told of each fault of the engine, for the log. The request is denied. */
export type OnFault = (what: string) => void;

/** Entries; one is a few hundred bytes with usual ARNs, about 9 KB with the longest. */
const CACHE_LIMIT = 4096;

const EXEMPT: AuthorizationVerdict = { allowed: true, policy: '' };
const FAULT: AuthorizationVerdict = { allowed: false, policy: 'fault' };

/**
 * Asks the engine. A policy that fails while it is evaluated counts for nothing in Cedar, a forbid too: whoever it was written
 * against would pass. So any failure denies.
 */
function ask(cedar: Cedar, setId: string, query: AuthorizationQuery, onFault: OnFault): AuthorizationVerdict {
  try {
    const answer = cedar.statefulIsAuthorized(cedarCall(query, setId));
    const errors = answer.type === 'failure' ? answer.errors : answer.response.diagnostics.errors.map(({ error }) => error);
    if (answer.type === 'failure' || errors.length > 0) {
      onFault(errors.map(({ message }) => message).join('; '));
      return FAULT;
    }
    const { decision, diagnostics } = answer.response;
    const policy = diagnostics.reason.toSorted().join(',');
    return { allowed: decision === 'allow', policy: policy === '' ? 'default-deny' : policy };
  } catch (error) {
    onFault(error instanceof Error ? error.message : String(error));
    return FAULT;
  }
}

/**
 * The decisions of a policy set that the engine holds. Kept per query, which is sound: nothing a policy sees depends on time or on
 * earlier requests. A fault is not kept.
 */
export function createAuthorizer(cedar: Cedar, setId: string, policies: readonly string[], onFault: OnFault): Authorizer {
  const cache = createDecisionCache<AuthorizationVerdict>(CACHE_LIMIT);
  return {
    policies,
    decide: (query) => {
      if (query.api === 'GetHealthStatus') return EXEMPT;
      const key = queryKey(query);
      const known = cache.get(key);
      if (known !== undefined) return known;
      const verdict = ask(cedar, setId, query, onFault);
      if (verdict !== FAULT) cache.set(key, verdict);
      return verdict;
    },
  };
}

/** Errors, or where there are none warnings: a policy that can never match protects nobody, and letters that look alike deceive. */
function remarks({ validation }: Judgement, file: string, text: string): readonly SettingsRemark[] {
  if (validation.type === 'failure') return validation.errors.map((error) => engineRemark(file, text, error));
  const { validationErrors, validationWarnings } = validation;
  const faulty = new Set(validationErrors.map(({ policyId }) => policyId));
  return [...validationErrors, ...validationWarnings.filter(({ policyId }) => !faulty.has(policyId))].map(({ error }) =>
    engineRemark(file, text, error),
  );
}

/**
 * Reads, validates and prepares a policy file. Every problem is named with its place; nothing is taken over in part. A set is kept in
 * the engine under the digest of its text: loading the same text again costs no memory.
 */
export async function loadAuthorizer(policyFile: string, onFault: OnFault = () => undefined): Promise<LoadedAuthorizer> {
  const read = await readPolicyFile(policyFile);
  return read.ok ? authorizerOf(read.text, policyFile, onFault) : read;
}

/** The same for the text of a file. `file`: what it is called in problems. */
export async function authorizerOf(text: string, file: string, onFault: OnFault = () => undefined): Promise<LoadedAuthorizer> {
  const judgement = await judgePolicies(text);
  if (judgement === null) {
    const problem = 'The engine gave up on this file: it is nested too deeply.';
    const remedy = 'Write lists as sets, ["a", "b"].contains(principal.arn), and long conditions as several policies.';
    return { ok: false, problems: [policyError(file, problem, remedy)] };
  }
  const problems = remarks(judgement, file, text);
  if (problems.length > 0) return { ok: false, problems };
  const names = namePolicies(judgement, file, text);
  return names.ok ? prepare(names.policies, onFault, file) : names;
}

async function prepare(policies: ReadonlyMap<string, string>, onFault: OnFault, file: string): Promise<LoadedAuthorizer> {
  const cedar = await loadCedar();
  const setId = createHash('sha256')
    .update(JSON.stringify([...policies]))
    .digest('hex');
  const answer = cedar.preparsePolicySet(setId, { staticPolicies: Object.fromEntries(policies) });
  const failed = answer.type === 'success' ? trialRun(cedar, setId) : answer.errors.map(({ message }) => message);
  if (failed.length === 0) return { ok: true, value: createAuthorizer(cedar, setId, [...policies.keys()], onFault) };
  return {
    ok: false,
    problems: failed.map((problem) => policyError(file, problem, 'Ask principal, action, resource and context only.')),
  };
}
