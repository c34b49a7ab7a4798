import type { DeploymentPlan } from './plan';

/** A Cedar string: every character a plan allows stands for itself but quote and backslash. */
function quoted(text: string): string {
  return `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

/** In a pattern of `like`, a star that is meant as a star is escaped; ours are at the end, and meant as "anything". */
function callerIs(pattern: string): string {
  return pattern.endsWith('*') ? `principal.arn like ${quoted(pattern)}` : `principal.arn == ${quoted(pattern)}`;
}

/** KMS names a session and not the role: arn:…:sts::ACCOUNT:assumed-role/NAME/SESSION, without the role's path. */
function sessionsOf(principal: string): readonly string[] {
  const role = /^arn:([a-z-]+):iam::(\d{12}):role\/(?:.*\/)?([^/*]+)$/.exec(principal);
  const [, partition = '', account = '', name = ''] = role ?? [];
  return role ? [principal, `arn:${partition}:sts::${account}:assumed-role/${name}/*`] : [principal];
}

/** One condition per line, as far as the allow-list says anything. */
function conditionOf(parts: readonly (readonly string[])[]): string {
  const alternatives = parts.filter((each) => each.length > 0).map((each) => `(\n    ${each.join(' ||\n    ')}\n  )`);
  return `when {\n  ${alternatives.join(' &&\n  ')}\n}`;
}

const HEAD = `// Who may use the keys of this store: made from a deployment plan. docs/authorization.md explains the language.
//
// What no policy permits is denied. Health checks are never asked. Try a change against the audit log first:
//   keyrite policy try --policy THIS_FILE --audit FOLDER
`;

const CREATE_KEY = `// KMS asks for the metadata of a key when it is created: the caller is an administrator then, and there is no KMS key yet. Nothing can
// be decrypted by it.
@id("create-key")
permit (
  principal,
  action == Xks::Action::"GetKeyMetadata",
  resource
)`;

/**
 * The allow-list of the plan as a Cedar policy in the model of resources/policies/xks.cedarschema: who may encrypt and decrypt, for
 * which KMS keys. null where the plan has no list: then there is no policy.
 */
export function policyText(plan: DeploymentPlan): string | null {
  if (plan.authorization === null) return null;
  const { principals, kmsKeyArns } = plan.authorization;
  const store = [`resource.store == ${quoted(plan.keyStoreName)}`];
  const callers = [...new Set((principals ?? []).flatMap(sessionsOf))].map(callerIs);
  const kmsKeys = kmsKeyArns === null ? [] : [`[${kmsKeyArns.map(quoted).join(', ')}].contains(context.kmsKeyArn)`];
  const allowed = `@id("allowed-use")
permit (
  principal,
  action in [Xks::Action::"Encrypt", Xks::Action::"Decrypt"],
  resource
)
${conditionOf([store, callers, kmsKeys])};
`;
  return [HEAD, allowed, `${CREATE_KEY}\n${conditionOf([store])};\n`].join('\n');
}
