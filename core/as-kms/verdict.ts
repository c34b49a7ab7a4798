import type { Judgement } from './judgement';
import type { Finding } from './run-cases';

export interface Verdict {
  readonly isContent: boolean;
  /** could anything be tested at all? */
  readonly isReached: boolean;
  readonly sentence: string;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function reasons(findings: readonly Finding[], latency: Judgement | null): string[] {
  const failed = findings.filter(({ outcome }) => outcome === 'fails');
  const skipped = findings.filter(({ outcome }) => outcome === 'untested');
  return [
    ...(failed.length > 0
      ? [`${counted(failed.length, 'case')} did not hold (${failed.map(({ name }) => name).join(', ')})`]
      : []),
    ...(skipped.length > 0 ? [`${counted(skipped.length, 'case')} could not be tested`] : []),
    ...(latency?.outcome === 'fails' ? [`the latency run: ${latency.seen}`] : []),
    ...(latency?.outcome === 'untested' ? ['the latency run could not be made'] : []),
  ];
}

/**
 * For people, in one sentence. What could not be tested is no reason for content: a policy that denies the caller, or a broken
 * credential, would otherwise make a good verdict out of silence.
 * @param latency null: no run was wanted
 */
export function verdictOf(findings: readonly Finding[], latency: Judgement | null, isReached: boolean): Verdict {
  if (!isReached)
    return {
      isContent: false,
      isReached,
      sentence: 'The proxy cannot be reached from this machine, so nothing can be said of it.',
    };
  const against = reasons(findings, latency);
  if (against.length > 0)
    return { isContent: false, isReached, sentence: `KMS would not be content with this proxy: ${against.join('; ')}.` };
  const remarks = [...findings, ...(latency ? [latency] : [])].filter(({ outcome }) => outcome === 'warns').length;
  const about = remarks > 0 ? `, with ${counted(remarks, 'remark')}` : '';
  return { isContent: true, isReached, sentence: `KMS would be content with this proxy${about}.` };
}
