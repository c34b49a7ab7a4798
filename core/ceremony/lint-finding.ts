import type { Script, Step } from './script';

/** One thing wrong with a script. `at`: the path into the document, from which the file reader finds line and column. */
export interface LintFinding {
  readonly at: readonly (string | number)[];
  readonly problem: string;
  readonly remedy: string;
}

/** A step and the path to it. */
export interface Located {
  readonly step: Step;
  readonly at: readonly (string | number)[];
}

export function located(script: Script): Located[] {
  return script.acts.flatMap((act, a) => act.steps.map((step, s) => ({ step, at: ['acts', a, 'steps', s] })));
}
