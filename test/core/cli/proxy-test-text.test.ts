import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../core/as-kms/judgement';
import type { ProxyTestReport } from '../../../core/as-kms/proxy-test';
import type { Finding } from '../../../core/as-kms/run-cases';
import { describeReport } from '../../../core/cli/proxy-test-text';

function finding(name: string, outcome: Outcome, seen: string): Finding {
  return { name, theme: 'encrypt', outcome, expects: 'this', seen, means: 'that', remedy: 'mend it', kmsSays: '' };
}

function textOf(cases: readonly Finding[]): string[] {
  const proxy = { url: 'https://xks.example', path: '/kms/xks/v1', key: 'k', region: 'eu-west-1', accessKeyId: 'A' };
  const verdict = { isContent: false, isReached: true, sentence: 'No.' };
  const report: ProxyTestReport = { proxy, startedAt: '2026-11-23T12:00:00.000Z', cases, latency: null, verdict };
  return describeReport(report, false).split('\n');
}

describe('the report of a proxy test', () => {
  it('says once why cases wait, and names the first of them afterwards', () => {
    const why = 'the proxy does not answer: a long reason';
    const lines = textOf([
      finding('one', 'untested', why),
      finding('two', 'untested', why),
      finding('three', 'untested', 'other'),
    ]);
    expect(lines.filter((line) => line.includes(why))).toHaveLength(1);
    expect(lines.some((line) => /untested +two +as one$/.test(line))).toBe(true);
    expect(lines.some((line) => line.endsWith('other'))).toBe(true);
  });

  it('quotes the proxy where something is wrong, and not where all is well', () => {
    const seen = '400 X ("It says so."), 401 Y ("Cut off in the mid...';
    const lines = textOf([finding('good', 'holds', seen), finding('bad', 'fails', seen)]);
    expect(lines.some((line) => /ok +good +400 X, 401 Y$/.test(line))).toBe(true);
    expect(lines.some((line) => line.includes('bad') && line.endsWith(seen))).toBe(true);
  });
});
