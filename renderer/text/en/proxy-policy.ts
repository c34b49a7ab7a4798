import type { PolicyReplay } from '../../../core/contract/proxy-policy';

const count = (n: number, what: string): string => (n === 1 ? `1 ${what}` : `${n.toLocaleString('en')} ${what}s`);
const requests = (n: number): string => count(n, 'request');

const reaches: Readonly<Record<PolicyReplay['reach'], string>> = {
  whole: 'That is all of the audit log.',
  enough: 'Older requests of the audit log were not asked about: keyrite policy try goes through all of it.',
  cut: 'The log was not read further back: it took too long. keyrite policy try goes through all of it.',
};

/** The policy of the proxy, and what another one would change. */
export const proxyPolicyText = {
  title: 'Policy',
  hint: 'AWS decides first. What it lets through is decided here a second time, and AWS cannot overrule it.',
  set: (file: string) => `The settings name ${file}`,
  setHint: 'Below is the file as it is now. A running proxy decides by what it read at its start or its last reload.',
  notSet: 'No policy is set',
  notSetHint:
    'Every caller with a correct signature is allowed, and recorded. Most proxies should begin that way. The text below says the same as a policy: add a forbid to it and see what that would do.',
  unread: 'The policy of the settings cannot be shown. Any text can be tried all the same.',
  editor: 'Text of the policy (Cedar)',
  editorHint: 'Nothing typed here comes into force. Tab goes to the next button.',
  size: (lines: number, characters: number) => `Lines: ${String(lines)}. Characters: ${String(characters)}.`,
  tooLong: (limit: number) =>
    `Longer than this screen takes, ${String(limit)} characters. Longer files are for the terminal: keyrite policy try.`,
  changed: 'Changed, and in force nowhere',
  unchanged: 'Not changed',
  tryIt: 'Try it on recent requests',
  trying: 'Trying the policy on recent requests',
  stop: 'Stop trying',
  stopped: 'The trial was stopped.',
  export: 'Write it into a file',
  exported: (file: string) => `The policy was written into ${file}. It is in force nowhere yet.`,
  reset: 'Take back all changes',
  result: 'What it would change',
  older: 'The text was changed since. Try it again.',
  none: 'Not tried yet. It is tried on the newest 10,000 requests of the audit log, in a process of its own; the proxy is not touched.',
  nothing: 'Nothing would change',
  changes: (refused: number, allowed: number) => `${requests(refused)} would be refused, ${requests(allowed)} would be allowed`,
  judged: (count: number, since: string, until: string) =>
    `${requests(count)} from ${since} to ${until}: what the log says of them, and what this policy says.`,
  noRequests: 'No request to try it on',
  noRequestsHint:
    'The policy is valid, and the audit log holds no request that a policy would be asked about. That says nothing of what it would do.',
  noLog: 'The audit log cannot be read',
  reaches,
  quarterly: 'A job that runs once a quarter is not in the log of a week.',
  refused: 'Would be refused',
  refusedNone: 'None: nobody who was allowed would be refused.',
  allowed: 'Would be allowed',
  allowedNone: 'None: nobody who was refused would be allowed.',
  caller: 'Caller',
  operation: 'KMS operation',
  key: 'Key',
  policy: 'Decides now',
  before: 'Decided then',
  requests: 'Requests',
  noPolicy: 'no policy',
  more: (count: number) => `${requests(count)} in further rows: keyrite policy try --json lists them.`,
  notJudged: 'Not asked about',
  health: (count: number) => `${requests(count)} for health, which is exempt`,
  refusedBefore: (count: number) => `${requests(count)} refused before anybody was asked`,
  otherEvents: (n: number) => count(n, 'other event'),
  unreadable: (n: number) => `${count(n, 'line')} that could not be read: keyrite verify --audit says why`,
  problems: (count: number) =>
    count === 1 ? 'The policy cannot be used: 1 problem' : `The policy cannot be used: ${String(count)} problems`,
  problemsHint: 'A proxy that is told to load it keeps the policies it has.',
  line: (line: number, column: number) => `Line ${String(line)}, column ${String(column)}`,
  whole: 'The text as a whole',
  remedy: 'Remedy:',
  force: 'How a policy comes into force',
  forceHint: 'Not from here: whoever writes the policy decides who may use the keys.',
  forceWays: [
    'In a ceremony: xks-store makes the settings of a new key store, and its officers approve them.',
    'By hand: write it into a file, put that where [authorization] policy_file of the settings names it, and say keyrite reload, or Read the settings again under Condition. A file with a problem is refused, and what is in force stays.',
  ],
};
