import type { PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { SettingsRemark } from '../settings/settings';
import type { Judgement } from './judge';
import { placeIn, policyError } from './policy-problem';

/** A decision asks every policy, so their number is what a decision costs: about 1 ms for this many. */
const POLICIES_LIMIT = 500;

/** Names travel in audit lines and metrics, joined by commas. */
const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** What decisions are called that no policy made, see authorizer.ts, and what policies without a name are called. */
const RESERVED = /^(?:fault|default-deny|policy[0-9]+)$/;

/** One policy with the name that decisions carry: its `@id`, else `policy0`, `policy1` by its place in the file. */
interface NamedPolicy {
  readonly name: string;
  readonly text: string;
  readonly effect: PolicyJson['effect'];
  /** bytes from the beginning of the file */
  readonly start: number;
  readonly hasId: boolean;
}

export type NamedPolicies =
  | { readonly ok: true; readonly policies: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problems: readonly SettingsRemark[] };

/** The policies with their names. Places are found by text: the engine hands policies out in the order of the texts of its ids. */
function named({ parts, heads }: Judgement, text: string): readonly NamedPolicy[] {
  const texts = parts.type === 'success' ? parts.policies : [];
  const order = texts.map((_, i) => `policy${i}`).sort();
  const policies = texts.flatMap((policy, i) => {
    const head = heads[i];
    return head?.type === 'success' ? [{ policy, json: head.json, n: Number(order[i]?.slice('policy'.length)) }] : [];
  });
  let from = 0;
  return policies
    .sort((a, b) => a.n - b.n)
    .map(({ policy, json, n }) => {
      const at = Math.max(text.indexOf(policy, from), from);
      from = at + policy.length;
      const id = json.annotations?.['id'];
      const start = Buffer.byteLength(text.slice(0, at));
      return { name: id ?? `policy${n}`, text: policy, effect: json.effect, start, hasId: id !== undefined };
    });
}

function nameProblem({ name, hasId }: NamedPolicy, isTaken: boolean): readonly [string, string] | null {
  if (isTaken) return [`Two policies have the id "${name}".`, 'Give each its own: a denial is recorded with the id alone.'];
  if (!hasId) return null;
  if (!NAME.test(name)) return ['The @id is not a usable name.', 'Write 1 to 64 letters, digits, dots, hyphens, underscores.'];
  return RESERVED.test(name) ? [`The @id "${name}" is used by the proxy itself.`, 'Choose another name.'] : null;
}

/**
 * Names every policy and refuses what cannot be told apart later, and a file that lets nobody through: in Cedar what nothing
 * permits is denied, so such a file is a mistake, or the wrong tool for an emergency.
 */
export function namePolicies(judgement: Judgement, file: string, text: string): NamedPolicies {
  const policies = named(judgement, text);
  const taken = new Map<string, string>();
  const problems: SettingsRemark[] = [];
  for (const policy of policies) {
    const problem = nameProblem(policy, taken.has(policy.name));
    if (problem !== null) problems.push(policyError(`${file}:${placeIn(text, policy.start)}`, ...problem));
    taken.set(policy.name, policy.text);
  }
  if (policies.length > POLICIES_LIMIT)
    problems.push(
      policyError(
        file,
        `The file holds more than ${POLICIES_LIMIT} policies.`,
        'Write lists as sets: ["a", "b"].contains(principal.arn).',
      ),
    );
  if (!policies.some(({ effect }) => effect === 'permit')) problems.push(nobody(file, policies.length));
  return problems.length === 0 ? { ok: true, policies: taken } : { ok: false, problems };
}

function nobody(file: string, policies: number): SettingsRemark {
  return policyError(
    file,
    policies === 0
      ? 'The file holds no policy, so every request would be denied.'
      : 'No policy permits anything, so every request would be denied.',
    'Add permit (principal, action, resource); to let through what no forbid names. To stop everything: keyrite kill.',
  );
}
