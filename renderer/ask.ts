import { useCallback, useRef, useState } from 'react';
import type { Failure, Result } from '../core/contract/result';

export interface Ask {
  readonly pending: boolean;
  readonly failure: Failure | null;
  /** Runs one question; while it is under way another is not started and answers null. */
  readonly run: <T>(question: () => Promise<Result<T>>) => Promise<{ readonly value: T } | null>;
  readonly forget: () => void;
}

/** One place on a screen that asks main: whether an answer is awaited, and the last refusal to show. */
export function useAsk(): Ask {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const busy = useRef(false);
  const run = useCallback(async <T>(question: () => Promise<Result<T>>) => {
    if (busy.current) return null;
    busy.current = true;
    setPending(true);
    setFailure(null);
    const answer = await question();
    busy.current = false;
    setPending(false);
    if (answer.ok) return { value: answer.value };
    // Closing a system dialog is an answer, not a failure.
    if (answer.error.code !== 'input.cancelled') setFailure(answer.error);
    return null;
  }, []);
  const forget = useCallback(() => setFailure(null), []);
  return { pending, failure, run, forget };
}
