import { END, loadProxyRoom } from './proxy-room';
import { EXIT, type ExitCode, type VerbContext } from './verb';

export const TRY_USAGE = 'policy try --policy FILE (--request FILE | --audit PATH) [--json]';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What is wrong with the arguments; null when they can be used. */
function complaint({ positionals, values }: VerbContext): string | null {
  if (positionals[1] !== undefined) return `"${positionals[1]}" is one too many.`;
  if (values['caller'] !== undefined) return '--caller is for policy lint.';
  if (text(values['policy']) === '') return 'Which policy? Name it with --policy FILE.';
  const sources = [values['request'], values['audit']].map(text).filter((path) => path !== '');
  return sources.length === 1 ? null : 'Name either one request with --request FILE, or a log with --audit PATH.';
}

/** `keyrite policy try`: puts a request or an audit log of the proxy to a Cedar policy. */
export async function tryPolicyFile(context: VerbContext): Promise<ExitCode> {
  const { values, out, err, isTerminal, signal } = context;
  const problem = complaint(context);
  if (problem !== null) {
    err(`${problem} Usage: keyrite ${TRY_USAGE}`);
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
