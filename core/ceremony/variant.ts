import type { Script, Step } from './script';
import type { RunMode } from './view-model';

export type Inputs = Readonly<Record<string, string>>;

/** A step with the act it belongs to. */
export interface PlannedStep {
  readonly step: Step;
  readonly act: number;
}

/** The steps that run for these inputs, in order: conditional steps whose condition does not hold are not part of the plan. */
export function plannedSteps(script: Script, inputs: Inputs): PlannedStep[] {
  return script.acts.flatMap((act, i) => act.steps.filter((step) => applies(step, inputs)).map((step) => ({ step, act: i })));
}

function applies(step: Step, inputs: Inputs): boolean {
  return step.when.every(({ input, is }) => is.includes(inputs[input] ?? ''));
}

/** The seats of one role: `CA`, or `CO1` and `CO2` where the role has two people. */
export function seatsOf(script: Script, role: string): string[] {
  const people = script.roles[role]?.people ?? 0;
  return people === 1 ? [role] : Array.from({ length: people }, (_, i) => `${role}${i + 1}`);
}

export function allSeats(script: Script): { seat: string; role: string }[] {
  return Object.keys(script.roles).flatMap((role) => seatsOf(script, role).map((seat) => ({ seat, role })));
}

export function roleOf(seat: string): string {
  return seat.slice(0, 2);
}

/** Every seat a step speaks of, by acting, reading or checking. */
export function seatsInStep(step: Step): string[] {
  if (step.do.action === 'compare') return [step.seat, step.do.reader, step.do.checker];
  return step.do.action === 'enterTwice' ? [step.seat, step.do.second] : [step.seat];
}

/** The seats that must be filled for these inputs: a role none of whose steps run may stay empty. */
export function neededSeats(script: Script, inputs: Inputs): string[] {
  const steps = plannedSteps(script, inputs).map(({ step }) => step);
  const roles = new Set(steps.flatMap(seatsInStep).map(roleOf));
  for (const step of steps) {
    if (step.do.action === 'approve') for (const role of script.approvals[step.do.gate]?.of ?? []) roles.add(role);
  }
  return allSeats(script)
    .filter(({ role }) => roles.has(role))
    .map(({ seat }) => seat);
}

/** Every combination of the inputs that choose between options, without those the script rules out. */
export function variants(script: Script): Inputs[] {
  const choices = Object.entries(script.inputs).map(([name, input]) => ({
    name,
    values: input.options ? Object.keys(input.options) : [input.default],
  }));
  const all = choices.reduce<Inputs[]>(
    (sofar, { name, values }) => sofar.flatMap((inputs) => values.map((value) => ({ ...inputs, [name]: value }))),
    [{}],
  );
  return all.filter((inputs) => ruledOut(script, inputs) === null);
}

/** The inputs on which the plan's steps depend. */
export function conditionalInputs(script: Script): ReadonlySet<string> {
  return new Set(script.acts.flatMap(({ steps }) => steps.flatMap(({ when }) => when.map(({ input }) => input))));
}

/** One variant for each different plan: inputs that no step depends on make no difference to it. */
export function differentPlans(script: Script): Inputs[] {
  const names = [...conditionalInputs(script)];
  const plans = new Map<string, Inputs>();
  for (const inputs of variants(script)) {
    const plan = names.map((name) => inputs[name] ?? '').join('\n');
    if (!plans.has(plan)) plans.set(plan, inputs);
  }
  return [...plans.values()];
}

/** What the script rules out, and the defaults that are for practice alone. */
export function rulesOf(script: Script): Script['never'] {
  const practice = Object.entries(script.inputs).flatMap(([name, { title, default: value, practice: isForPractice }]) =>
    isForPractice
      ? [
          {
            inputs: { [name]: [value] },
            in: 'production' as const,
            because: `${title}: ${value} is for practice. Production needs what is yours.`,
          },
        ]
      : [],
  );
  return [...script.never, ...practice];
}

/** The reason these inputs do not go together (in this run mode; null: in any), or null. */
export function ruledOut(script: Script, inputs: Inputs, runMode: RunMode | null = null): string | null {
  const hit = rulesOf(script).find(
    (rule) =>
      (rule.in === undefined || rule.in === runMode) &&
      Object.entries(rule.inputs).every(([name, values]) => values.includes(inputs[name] ?? '')),
  );
  return hit ? hit.because : null;
}

export function defaultInputs(script: Script): Inputs {
  return Object.fromEntries(Object.entries(script.inputs).map(([name, input]) => [name, input.default]));
}

export function minutesOf(steps: readonly PlannedStep[]): number {
  return steps.reduce((sum, { step }) => sum + step.minutes, 0);
}

/** Does any step of the plan speak to an HSM? */
export function usesToken(script: Script, inputs: Inputs): boolean {
  return plannedSteps(script, inputs).some(({ step }) => step.do.action === 'act' && step.do.verb.startsWith('token.'));
}
