import type { Judgement } from './judgement';
import type { Session } from './session';

export const THEMES = [
  'connection',
  'health',
  'metadata',
  'encrypt',
  'tampering',
  'input',
  'paths',
  'signature',
  'answers',
] as const;

export type Theme = (typeof THEMES)[number];

/** What has to work before a case says anything: a proxy that refuses everything would pass every case that expects a refusal. */
export type Needs = 'nothing' | 'connection' | 'credential' | 'ciphertext';

export interface CaseTexts {
  /** kebab-case, for --only */
  readonly name: string;
  readonly theme: Theme;
  readonly needs: Needs;
  /** the expectation, as a sentence */
  readonly expects: string;
  /** what it means for KMS or for the keys when it does not hold */
  readonly means: string;
  readonly remedy: string;
  /** ConnectionErrorCode or exception of KMS, where it leads to one */
  readonly kmsSays?: string;
  /** harmful to a proxy that fails it: run only when named */
  readonly isOnlyByName?: boolean;
}

/** One case: acts on the proxy, then judges what came, apart from each other, so that a judge can be tested without a proxy. */
export interface CaseOf<Seen> extends CaseTexts {
  readonly run: (session: Session) => Promise<Seen>;
  readonly judge: (seen: Seen) => Judgement;
}

/** A case whose kind of evidence is its own affair. */
export interface ProxyCase extends CaseTexts {
  readonly check: (session: Session) => Promise<Judgement>;
}

export function proxyCase<Seen>({ run, judge, ...texts }: CaseOf<Seen>): ProxyCase {
  return { ...texts, check: async (session) => judge(await run(session)) };
}
