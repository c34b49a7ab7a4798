import { inWords } from './exchange';
import { untested, type Judgement, type Outcome } from './judgement';
import type { Needs, ProxyCase, Theme } from './proxy-case';
import type { Session } from './session';

/** What one case found, with all a person needs to know of it. */
export interface Finding {
  readonly name: string;
  readonly theme: Theme;
  readonly outcome: Outcome;
  readonly expects: string;
  readonly seen: string;
  /** '' where it holds */
  readonly means: string;
  readonly remedy: string;
  /** ConnectionErrorCode or exception of KMS; '' where there is none */
  readonly kmsSays: string;
}

/** '' or why a case that needs this would prove nothing. */
async function obstacle(needs: Needs, session: Session): Promise<string> {
  if (needs === 'nothing') return '';
  const health = await session.firstHealth();
  if (health.kind !== 'answer') return `the proxy does not answer: ${health.what}`;
  if (needs === 'connection') return '';
  if (health.status !== 200) return `GetHealthStatus has to work first: ${inWords(health)}`;
  if (needs === 'credential') return '';
  const sample = await session.ciphertext();
  return 'problem' in sample ? sample.problem : '';
}

/** Texts of remedy are for what is not as it should be. */
function findingOf(one: ProxyCase, judgement: Judgement): Finding {
  const { name, theme, expects } = one;
  const { outcome, seen } = judgement;
  const isTrouble = outcome === 'fails' || outcome === 'warns';
  return {
    name,
    theme,
    outcome,
    expects,
    seen,
    means: isTrouble ? (judgement.means ?? one.means) : '',
    remedy: isTrouble ? (judgement.remedy ?? one.remedy) : '',
    kmsSays: outcome === 'fails' ? (judgement.kmsSays ?? one.kmsSays ?? '') : '',
  };
}

async function runCase(one: ProxyCase, session: Session): Promise<Finding> {
  const inTheWay = await obstacle(one.needs, session);
  return findingOf(one, inTheWay === '' ? await one.check(session) : untested(inTheWay));
}

/** The cases with these names, or all that are harmless; null when a name is not one. */
export function chosenCases(all: readonly ProxyCase[], names: readonly string[]): readonly ProxyCase[] | null {
  if (names.length === 0) return all.filter(({ isOnlyByName }) => !isOnlyByName);
  if (names.some((name) => all.every((one) => one.name !== name))) return null;
  return all.filter(({ name }) => names.includes(name));
}

/** One after the other; `signal` ends the run between two cases. */
export async function runCases(cases: readonly ProxyCase[], session: Session, signal: AbortSignal): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const one of cases) {
    if (signal.aborted) break;
    findings.push(await runCase(one, session));
  }
  return findings;
}
