import { testProxy } from '../as-kms/proxy-test';
import type { Verdict } from '../as-kms/verdict';
import { DEFAULT_TIMEOUT_MS, readProxyTest } from './proxy-test-plan';
import { describeReport } from './proxy-test-text';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

function exitOf({ isContent, isReached }: Verdict): ExitCode {
  if (!isReached) return EXIT.lacking;
  return isContent ? EXIT.done : EXIT.no;
}

async function run({ values, out, err, isTerminal, signal }: VerbContext): Promise<ExitCode> {
  const read = await readProxyTest({ values, env: process.env });
  if (!read.ok) {
    err(read.problem);
    return EXIT.unusable;
  }
  const isJson = values['json'] === true;
  const { cases } = read.value;
  if (!isJson)
    err(
      `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}${read.value.latencySeconds > 0 ? `, then ${read.value.latencySeconds} s of load` : ''} ...`,
    );
  const report = await testProxy(read.value, signal);
  if (signal.aborted) return EXIT.stopped;
  out(isJson ? JSON.stringify(report, null, 2) : describeReport(report, isTerminal));
  return exitOf(report.verdict);
}

export const verb: Verb = {
  name: 'proxy-test',
  summary: 'test an XKS proxy as KMS sees it: every case, the limits, the latency, a verdict',
  usage: 'proxy-test --url https://HOST --credential-file FILE --key ID [--prefix /PREFIX] [--region REGION] [OPTIONS]',
  options: {
    url: { type: 'string', value: 'URL', hint: 'https://HOST[:PORT] of the proxy' },
    prefix: { type: 'string', value: '/PREFIX', hint: 'what stands before /kms/xks/v1 (default: from the credential file)' },
    'credential-file': {
      type: 'string',
      value: 'FILE',
      hint: 'the console’s JSON, or accessKeyId and secretAccessKey; mode 0600',
    },
    key: { type: 'string', value: 'ID', hint: 'external key id; it encrypts and decrypts random bytes, nothing is kept' },
    region: { type: 'string', value: 'REGION', hint: 'the Region KMS would call from (default: AWS_REGION)' },
    ca: { type: 'string', value: 'FILE', hint: 'PEM roots to trust in place of the public ones' },
    'client-cert': { type: 'string', value: 'FILE', hint: 'PEM certificate for mTLS' },
    'client-key': { type: 'string', value: 'FILE', hint: 'PEM key for mTLS' },
    'insecure-loopback': { type: 'boolean', default: false, hint: 'allow http:// to this machine' },
    caller: { type: 'string', value: 'ARN', hint: 'awsPrincipalArn to come with, where a policy asks for one' },
    'kms-key': { type: 'string', value: 'ARN', hint: 'kmsKeyArn to come with' },
    'latency-seconds': { type: 'string', value: 'N', default: '5', hint: 'length of the latency run, 0 for none (default 5)' },
    rate: { type: 'string', value: 'N', default: '50', hint: 'calls per second in it (default 50)' },
    'timeout-ms': {
      type: 'string',
      value: 'N',
      default: DEFAULT_TIMEOUT_MS,
      hint: 'per attempt of a call (default 250, as KMS)',
    },
    only: { type: 'string', value: 'NAMES', hint: 'cases by name, with commas; also those not run otherwise' },
    json: { type: 'boolean', default: false, hint: 'one JSON object instead of text' },
  },
  positionals: { min: 0, max: 0 },
  notes: [
    'Sends well-formed and malformed requests to the proxy, some of them unsigned; its log and alarms will show them.',
    'Exit codes: 0 KMS would be content; 1 it would not, and why; 2 unusable arguments or credential file; 3 the proxy cannot be reached from this machine, so nothing was tested.',
  ],
  run,
};
