import type { Latency, ProxyTestReport } from '../as-kms/proxy-test';
import type { Outcome } from '../as-kms/judgement';
import type { Theme } from '../as-kms/proxy-case';
import type { Finding } from '../as-kms/run-cases';
import { columns, ink, type Ink } from './output';

const WORDS: Readonly<Record<Outcome, string>> = {
  holds: 'ok',
  fails: 'FAILS',
  warns: 'remark',
  untested: 'untested',
  notApplicable: '-',
};

const INKS: Readonly<Record<Outcome, Ink | null>> = {
  holds: 'green',
  fails: 'red',
  warns: 'yellow',
  untested: 'yellow',
  notApplicable: null,
};

const TITLES: Readonly<Record<Theme, string>> = {
  connection: 'Connection',
  health: 'GetHealthStatus',
  metadata: 'GetKeyMetadata',
  encrypt: 'Encrypt and Decrypt',
  tampering: 'Decrypt of what was changed',
  input: 'Bad requests',
  paths: 'Paths',
  signature: 'Signatures',
  answers: 'All answers',
};

function coloured(outcome: Outcome, line: string, isTerminal: boolean): string {
  const colour = INKS[outcome];
  const word = WORDS[outcome];
  return colour === null ? line : line.replace(word, ink(colour, word, isTerminal));
}

/** What a proxy wrote into a refusal that is as it should be: nobody has to read it. */
const QUOTED = / \("(?:[^"]*"\)|.*?\.\.\.)/g;

/** In the table a reason that dozens of cases wait for stands once. The JSON has it with each. */
function brief(findings: readonly Finding[]): string[] {
  const first = new Map<string, string>();
  return findings.map(({ outcome, name, seen }) => {
    if (outcome === 'holds') return seen.replaceAll(QUOTED, '');
    if (outcome !== 'untested') return seen;
    const before = first.get(seen);
    if (before === undefined) first.set(seen, name);
    return before === undefined ? seen : `as ${before}`;
  });
}

function table(findings: readonly Finding[], isTerminal: boolean): string {
  const seen = brief(findings);
  const lines = columns(findings.map(({ outcome, name }, i) => [`  ${WORDS[outcome]}`, name, seen[i] ?? '']));
  const parts: string[] = [];
  findings.forEach(({ theme, outcome }, i) => {
    if (theme !== findings[i - 1]?.theme) parts.push(...(i > 0 ? [''] : []), TITLES[theme]);
    parts.push(coloured(outcome, lines[i] ?? '', isTerminal));
  });
  return parts.join('\n');
}

/** What is behind one line of the table that is not as it should be. */
function explained({ name, outcome, expects, seen, means, remedy, kmsSays }: Finding, isTerminal: boolean): string {
  return [
    coloured(outcome, `${WORDS[outcome]}: ${name}`, isTerminal),
    `  Expected:      ${expects}`,
    `  Seen:          ${seen}`,
    `  What it means: ${means}${kmsSays === '' ? '' : ` (${kmsSays})`}`,
    `  What to do:    ${remedy}`,
  ].join('\n');
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

function latencyText({ summary, judgement }: Latency, isTerminal: boolean): string {
  const verdict = coloured(judgement.outcome, `  ${WORDS[judgement.outcome]}  ${judgement.seen}`, isTerminal);
  const more = judgement.outcome === 'holds' || !judgement.remedy ? [] : [`  What to do: ${judgement.remedy}`];
  if (!summary) return ['Latency', verdict].join('\n');
  const { calls, seconds, rate, p50Ms, p95Ms, p99Ms, maxMs, timeouts } = summary;
  return [
    `Latency: ${calls} calls in ${seconds} s, ${rate}/s, Encrypt and Decrypt in turn, from this machine`,
    `  p50 ${milliseconds(p50Ms)}   p95 ${milliseconds(p95Ms)}   p99 ${milliseconds(p99Ms)}   max ${milliseconds(maxMs)}   over 250 ms: ${timeouts}`,
    verdict,
    ...more,
  ].join('\n');
}

/** The text a person reads: the table, what is behind what did not hold, the latency, the verdict last. */
export function describeReport({ proxy, cases, latency, verdict }: ProxyTestReport, isTerminal: boolean): string {
  const trouble = [...cases.filter(({ outcome }) => outcome === 'fails'), ...cases.filter(({ outcome }) => outcome === 'warns')];
  return [
    `${proxy.url}${proxy.path}, key ${proxy.key}, Region ${proxy.region}, access key ${proxy.accessKeyId}`,
    table(cases, isTerminal),
    ...trouble.map((finding) => explained(finding, isTerminal)),
    ...(latency ? [latencyText(latency, isTerminal)] : []),
    ink(verdict.isContent ? 'green' : 'red', verdict.sentence, isTerminal),
  ].join('\n\n');
}
