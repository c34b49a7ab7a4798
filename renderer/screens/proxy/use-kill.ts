import { useCallback, useState } from 'react';
import type { KillOutcome } from '../../../core/contract/proxy-values';
import { announce } from '../../announce';
import { bridge } from '../../bridge-client';
import { text } from '../../text/text';

export interface Kill {
  readonly pending: boolean;
  /** of the last press; null: none yet */
  readonly outcome: KillOutcome | null;
  readonly kill: (why: string) => void;
}

/** What is shown where not even an answer came: the worst is assumed. */
const unanswered = (problem: string): KillOutcome => ({ how: 'failed', tookMs: 0, problem });

/** The switch, pressed. It never ends in silence: whatever happens, there is an outcome to show and to hear. */
export function useKill(): Kill {
  const [pending, setPending] = useState(false);
  const [outcome, setOutcome] = useState<KillOutcome | null>(null);
  const kill = useCallback((why: string) => {
    setPending(true);
    void bridge.proxy.kill({ why }).then((answer) => {
      const ended = answer.ok ? answer.value : unanswered(answer.error.code);
      setPending(false);
      setOutcome(ended);
      const { title, says } = text.proxy.outcome.how[ended.how];
      announce(`${title}. ${says}`);
    });
  }, []);
  return { pending, outcome, kill };
}
