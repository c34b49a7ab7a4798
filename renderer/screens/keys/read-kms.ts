import { useCallback, useEffect, useRef, useState } from 'react';
import type { KmsKeysPage } from '../../../core/contract/kms-values';
import type { Failure } from '../../../core/contract/result';
import { announce } from '../../announce';
import { bridge } from '../../bridge-client';
import { text } from '../../text/text';

export interface KmsPlace {
  readonly runMode: 'rehearsal' | 'production';
  readonly region: string;
}

/** So many pages, of 20 keys each, are read at one press; an account may have a hundred thousand keys. */
const PAGES_AT_ONE_PRESS = 5;

export interface KmsReading {
  /** the pages so far, of one place */
  readonly pages: readonly KmsKeysPage[];
  readonly pending: boolean;
  readonly failure: Failure | null;
  readonly read: (place: KmsPlace, from: number) => void;
  /** Gives up what is under way; what was read stays. */
  readonly stop: () => void;
  readonly forget: () => void;
}

const NOTHING = { pages: [], pending: false, failure: null } as const;

type State = Pick<KmsReading, 'pages' | 'pending' | 'failure'>;

/** Reads keys page by page, so that the first are there at once and the rest can be given up. */
export function useKmsReading(): KmsReading {
  const [state, setState] = useState<State>(NOTHING);
  const turn = useRef(0);

  const end = useCallback(() => {
    turn.current += 1;
    void bridge.kms.stop();
  }, []);
  useEffect(() => end, [end]);

  const read = async (place: KmsPlace, from: number): Promise<void> => {
    const mine = ++turn.current;
    setState(({ pages }) => ({ pages: from === 0 ? [] : pages, pending: true, failure: null }));
    let next: number | null = from;
    for (let read = 0; next !== null && read < PAGES_AT_ONE_PRESS; read += 1) {
      const answer: Awaited<ReturnType<typeof bridge.kms.keys>> = await bridge.kms.keys({ ...place, from: next });
      // Stopped, or begun anew: whatever comes now belongs to nobody.
      if (mine !== turn.current) return;
      if (!answer.ok) {
        setState(({ pages }) => ({ pages, pending: false, failure: answer.error }));
        return;
      }
      setState(({ pages }) => ({ pages: [...pages, answer.value], pending: true, failure: null }));
      next = answer.value.next;
      if (next === null) announce(text.kms.found(answer.value.total));
    }
    setState(({ pages }) => ({ pages, pending: false, failure: null }));
  };

  return {
    ...state,
    read: (place, from) => void read(place, from),
    stop: () => {
      end();
      setState(({ pages }) => ({ pages, pending: false, failure: null }));
    },
    forget: () => {
      end();
      setState(NOTHING);
    },
  };
}
