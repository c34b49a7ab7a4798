import type { Generation, Hsm, HsmAnswer, KeyChoice } from '../hsm/port';

/** How often the keys are looked for again when nothing else made it happen, ms: somebody may make or delete keys on the token. */
const EVERY_MS = 600_000;

/** A key that a key store names and that cannot be used. */
export interface KeyProblem {
  readonly key: string;
  /** for people */
  readonly problem: string;
}

export interface KeyCheckParts {
  readonly hsm: Pick<Hsm, 'describe'>;
  /** every key of the settings in force */
  readonly keys: () => readonly KeyChoice[];
  /** told when the list differs from the last one */
  readonly onChange: (problems: readonly KeyProblem[]) => void;
}

export interface KeyCheck {
  /** Looks at all keys, one after the other, so that requests lose one session at most; when it is at it already, once more after that. */
  readonly look: () => void;
  /** as of the last look */
  readonly problems: () => readonly KeyProblem[];
  readonly close: () => void;
}

/** What the token said of a key; null: nothing that tells (a block, a time-out, a sick HSM), so what was known stays. */
function judge(answer: HsmAnswer<Generation>): string | null {
  if (!answer.ok) {
    const { name, reason, message } = answer.error;
    const isAboutKey = name === 'KeyNotFoundException' || name === 'InvalidKeyUsageException' || reason.startsWith('duplicate');
    return isAboutKey ? message : null;
  }
  const { aesBits, usages } = answer.value;
  if (aesBits !== 256)
    return `It is ${aesBits === null ? 'no AES key' : `an AES-${aesBits} key`}; an external key store takes AES-256 alone.`;
  const missing = ['ENCRYPT', 'DECRYPT'].filter((usage) => !usages.includes(usage));
  return missing.length === 0 ? '' : `It may not ${missing.join(' nor ').toLowerCase()}.`;
}

/**
 * Finds out before KMS does that a key of the settings is not on the token, is there twice, or cannot do what it is for. A wrong
 * label would else be noticed when data cannot be read.
 */
export function checkKeys({ hsm, keys, onChange }: KeyCheckParts): KeyCheck {
  let known: ReadonlyMap<string, string> = new Map();
  let isLooking = false;
  let isWantedAgain = false;
  let isClosed = false;

  const problems = (): readonly KeyProblem[] =>
    [...known].filter(([, problem]) => problem !== '').map(([key, problem]) => ({ key, problem }));

  const lookOnce = async (): Promise<void> => {
    const found = new Map<string, string>();
    for (const key of keys()) {
      if (isClosed) return;
      found.set(key.label, judge(await hsm.describe(key)) ?? known.get(key.label) ?? '');
    }
    const before = JSON.stringify(problems());
    known = found;
    if (!isClosed && JSON.stringify(problems()) !== before) onChange(problems());
  };

  const look = (): void => {
    if (isLooking) {
      isWantedAgain = true;
      return;
    }
    isLooking = true;
    void lookOnce().finally(() => {
      isLooking = false;
      if (isClosed || !isWantedAgain) return;
      isWantedAgain = false;
      look();
    });
  };

  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return {
    look,
    problems,
    close: () => {
      isClosed = true;
      clearInterval(timer);
    },
  };
}
