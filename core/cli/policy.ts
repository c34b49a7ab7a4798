import { LINT_USAGE, lintPolicyFile } from './policy-lint';
import { TRY_USAGE, tryPolicyFile } from './policy-try';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

async function run(context: VerbContext): Promise<ExitCode> {
  const [word = ''] = context.positionals;
  if (word === 'try') return tryPolicyFile(context);
  if (word === 'lint') return lintPolicyFile(context);
  context.err(`There is no "policy ${word}". Usage: keyrite ${TRY_USAGE}, or keyrite ${LINT_USAGE}`);
  return EXIT.unusable;
}

export const verb: Verb = {
  name: 'policy',
  summary: 'lint a KMS key policy; try an authorization policy of the proxy before it is in force',
  usage: `${TRY_USAGE}\nkeyrite ${LINT_USAGE}`,
  options: {
    policy: { type: 'string', value: 'FILE', hint: 'try: Cedar policies, e.g. one of resources/policies' },
    request: {
      type: 'string',
      value: 'FILE',
      hint: 'try: one request as JSON: the fields of a query, or the body of an XKS request',
    },
    audit: { type: 'string', value: 'PATH', hint: 'try: an audit log to replay: its folder, or one of its files' },
    caller: { type: 'string', value: 'ARN', hint: 'lint: who would put the key policy, for the lock-out check and the table' },
    json: { type: 'boolean', default: false, hint: 'one JSON object instead of text' },
  },
  positionals: { min: 1, max: 2 },
  notes: [
    'Changes nothing and asks nobody: no proxy and no AWS. docs/authorization.md says how to write an authorization policy, docs/key-policy.md what the lint of key policies looks at, and how to read its table of who can do what.',
    'Exit codes of try: 0 nothing would change (the request is allowed); 1 something would (the request is denied); 2 policy, request or log cannot be used, and every problem was named.',
    'Exit codes of lint: 0 no errors, maybe warnings; 1 errors: KMS would refuse it, or somebody gets what nobody should; 2 the file is no key policy, or the arguments cannot be used.',
  ],
  run,
};
