import { located, type LintFinding } from './lint-finding';
import type { Script, Step } from './script';
import { defaultInputs, differentPlans, plannedSteps, type Inputs } from './variant';
import { verbFacts } from './verbs';

/** The effects of a step: its own and those of its act. */
function effectsOf(step: Step): string[] {
  const own = step.do.action === 'approve' ? [...step.effects, `${step.do.gate}.approved`] : step.effects;
  return step.do.action === 'act' ? [...own, ...verbFacts(step.do.verb).effects] : [...own];
}

function requirementsOf(step: Step): string[] {
  return step.do.action === 'act' ? [...step.requires, ...verbFacts(step.do.verb).requires] : step.requires;
}

/** Walks every variant: each requirement must be met by an earlier effect, and the sign-off is last. What is wrong in many variants is said once. */
export function chains(script: Script): LintFinding[] {
  const found = new Map<string, LintFinding>();
  for (const variant of [defaultInputs(script), ...differentPlans(script)]) {
    for (const finding of chain(script, variant)) {
      const place = `${finding.at.join('.')} ${finding.remedy}`;
      if (!found.has(place)) found.set(place, finding);
    }
  }
  return [...found.values()];
}

function chain(script: Script, variant: Inputs): LintFinding[] {
  const at = new Map(located(script).map((place) => [place.step, place.at]));
  const holds = new Set<string>();
  const found: LintFinding[] = [];
  const steps = plannedSteps(script, variant).map(({ step }) => step);
  for (const step of steps) {
    for (const fact of requirementsOf(step).filter((name) => !holds.has(name))) {
      found.push({
        at: at.get(step) ?? [],
        problem: `Step ${step.id} requires ${fact}, but no earlier step brings it about${describe(script, variant)}.`,
        remedy: `Put a step with the effect ${fact} before it, or drop the requirement.`,
      });
    }
    for (const fact of effectsOf(step)) holds.add(fact);
    for (const fact of undoneBy(step)) holds.delete(fact);
  }
  const last = steps.at(-1);
  if (last?.do.action !== 'signOff' || steps.filter((step) => step.do.action === 'signOff').length !== 1) {
    found.push({
      at: ['acts'],
      problem: 'The sign-off is not the one last step.',
      remedy: 'End the script with exactly one step that does signOff.',
    });
  }
  if (!steps.some((step) => step.do.action === 'attendance')) {
    found.push({ at: ['acts'], problem: 'Nobody signs in.', remedy: 'Begin with a step that does attendance.' });
  }
  return found;
}

/** Facts that end with this step: nobody is logged in after a logout, nor logged out after a login. */
function undoneBy(step: Step): string[] {
  if (step.do.action !== 'act') return [];
  if (step.do.verb === 'token.logout') return ['token.loggedIn', 'token.soLoggedIn'];
  return step.do.verb === 'token.login' || step.do.verb === 'token.loginSo' ? ['token.loggedOut'] : [];
}

function describe(script: Script, variant: Inputs): string {
  const differing = Object.entries(variant).filter(
    ([name, value]) => script.inputs[name]?.options && value !== script.inputs[name].default,
  );
  return differing.length === 0 ? '' : ` (when ${differing.map(([name, value]) => `${name} is ${value}`).join(' and ')})`;
}
