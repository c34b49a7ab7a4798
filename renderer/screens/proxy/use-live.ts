import { useEffect, useState } from 'react';
import type { Failure } from '../../../core/contract/result';
import { bridge } from '../../bridge-client';
import { NOTHING_YET, withAnswer, type Flow } from './flow';

const EVERY_MS = 1000;

/**
 * Asks once a second what the proxy did, for as long as somebody can see it: a hidden window asks nothing, and an answer that is
 * late is not asked for twice.
 */
export function useLive(isRunning: boolean): { readonly flow: Flow; readonly failure: Failure | null } {
  const [flow, setFlow] = useState(NOTHING_YET);
  const [failure, setFailure] = useState<Failure | null>(null);
  useEffect(() => {
    if (!isRunning) return undefined;
    let isAsked = false;
    let isOver = false;
    let upTo = 0;
    const ask = async (): Promise<void> => {
      if (isAsked || document.hidden) return;
      isAsked = true;
      const answer = await bridge.proxy.live({ since: upTo });
      isAsked = false;
      if (isOver) return;
      setFailure(answer.ok ? null : answer.error);
      if (!answer.ok) return;
      upTo = answer.value.upTo;
      setFlow((before) => withAnswer(before, answer.value));
    };
    void ask();
    const timer = setInterval(() => void ask(), EVERY_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [isRunning]);
  return { flow, failure };
}
