import { useEffect, useState } from 'react';
import type { PolicyAgainst, PolicyKey, PolicyPeople, PolicyPreview } from '../../../core/contract/key-policy';
import type { Failure } from '../../../core/contract/result';
import { bridge } from '../../bridge-client';

export interface PolicyDraft {
  readonly people: PolicyPeople;
  readonly key: PolicyKey;
  /** ARN of whoever would put the policy; '' : the first administrator */
  readonly caller: string;
  readonly against: PolicyAgainst;
}

export type Problem = PolicyPreview['problems'][number];

/** A judgement a quarter of a second after the last key stroke: nobody wants one of half an ARN. */
const PAUSE_MS = 250;

const LISTS = ['administrators', 'operatorA', 'operatorB', 'deletionOfMaterial', 'users', 'serviceGrants', 'auditors'] as const;

export type ListField = (typeof LISTS)[number];

/** Lines that were added and not yet filled in are nobody. */
export function withoutBlanks(people: PolicyPeople): PolicyPeople {
  const lists = Object.fromEntries(
    LISTS.map((field) => [field, people[field].map((arn) => arn.trim()).filter((arn) => arn !== '')]),
  );
  const breakGlass = people.breakGlass === null || people.breakGlass.trim() === '' ? null : people.breakGlass.trim();
  return { ...people, ...lists, breakGlass };
}

/** Where the nth line that is filled in stands among all lines. */
export function lineOf(lines: readonly string[], index: number): number {
  const filled = lines.flatMap((line, i) => (line.trim() === '' ? [] : [i]));
  return filled[index] ?? -1;
}

export function callerOf({ people, caller }: PolicyDraft): string | null {
  const { administrators } = withoutBlanks(people);
  return administrators.includes(caller) ? caller : (administrators[0] ?? null);
}

export interface Preview {
  /** null until the first answer */
  readonly preview: PolicyPreview | null;
  readonly failure: Failure | null;
  /** what is shown is of an earlier form */
  readonly pending: boolean;
}

/** The form, judged in main while it is typed; the newest form wins. */
export function usePreview(draft: PolicyDraft): Preview {
  const [state, setState] = useState<Preview>({ preview: null, failure: null, pending: true });
  useEffect(() => {
    let isStale = false;
    setState((before) => ({ ...before, pending: true }));
    const ask = async (): Promise<void> => {
      const { people, key, against } = draft;
      const answer = await bridge.keyPolicy.preview({ people: withoutBlanks(people), key, caller: callerOf(draft), against });
      if (isStale) return;
      setState((before) => ({
        preview: answer.ok ? answer.value : before.preview,
        failure: answer.ok ? null : answer.error,
        pending: false,
      }));
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [draft]);
  return state;
}

/** What is wrong with a field as a whole. */
export function problemOf(problems: readonly Problem[], field: Problem['field']): Problem | null {
  return problems.find((problem) => problem.field === field && problem.index === null) ?? null;
}
