import { END, loadProxyRoom } from './proxy-room';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is wrong with the arguments; null when they can be used. */
function complaint({ positionals, values }: VerbContext): string | null {
  if (positionals[0] !== 'try') return `There is no "policy ${positionals[0] ?? ''}".`;
  if (text(values['policy']) === '') return 'Which policy? Name it with --policy FILE.';
  const sources = [values['request'], values['audit']].map(text).filter((path) => path !== '');
  return sources.length === 1 ? null : 'Name either one request with --request FILE, or a log with --audit PATH.';
}

async function run(context: VerbContext): Promise<ExitCode> {
  const { values, out, err, isTerminal, signal } = context;
  const problem = complaint(context);
  if (problem !== null) {
    err(`${problem} Usage: keyrite ${verb.usage}`);
    return EXIT.unusable;
  }
  const { tryPolicy } = await loadProxyRoom();
  const options = {
    policyFile: text(values['policy']),
    requestFile: text(values['request']),
    audit: text(values['audit']),
    isJson: values['json'] === true,
  };
  return END[await tryPolicy(options, { out, err, isTerminal, signal })];
}

export const verb: Verb = {
  name: 'policy',
  summary: 'try an authorization policy on a request or an audit log before it is in force',
  usage: 'policy try --policy FILE (--request FILE | --audit PATH) [--json]',
  options: {
    policy: { type: 'string', value: 'FILE', hint: 'Cedar policies, e.g. one of resources/policies' },
    request: { type: 'string', value: 'FILE', hint: 'one request as JSON: the fields of a query, or the body of an XKS request' },
    audit: { type: 'string', value: 'PATH', hint: 'an audit log to replay: its folder, or one of its files' },
    json: { type: 'boolean', default: false, hint: 'one JSON object instead of text' },
  },
  positionals: { min: 1, max: 1 },
  notes: [
    'Changes nothing: no proxy is asked, and none has to run. docs/authorization.md says how to write a policy.',
    'Exit codes: 0 nothing would change (the request is allowed); 1 something would (the request is denied); 2 policy, request',
    'or log cannot be used, and every problem was named.',
  ],
  run,
};
