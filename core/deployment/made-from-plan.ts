import { isDeepStrictEqual } from 'node:util';
import { parse } from 'smol-toml';
import type { DeploymentPlan } from './plan';
import { policyText } from './policy-text';
import { settingsText } from './settings-text';

/** What the proxy reads: settings (TOML) and policy (Cedar; '' where there is none). */
export interface ProxyTexts {
  readonly settings: string;
  readonly policy: string;
}

export function textsOf(plan: DeploymentPlan): ProxyTexts {
  return { settings: settingsText(plan), policy: policyText(plan) ?? '' };
}

/** A plan is what the next change begins with. Names of the files that say anything else than it makes; another release's comments may differ. */
export function notMadeFrom(plan: DeploymentPlan, { settings, policy }: ProxyTexts): readonly string[] {
  const made = textsOf(plan);
  return [
    ...(isDeepStrictEqual(tableOf(settings), tableOf(made.settings)) ? [] : ['settings.toml']),
    ...(isDeepStrictEqual(rulesOf(policy), rulesOf(made.policy)) ? [] : ['policy.cedar']),
  ];
}

function tableOf(settings: string): unknown {
  try {
    return parse(settings);
  } catch {
    return null;
  }
}

/** Lines without comments. */
function rulesOf(policy: string): readonly string[] {
  return policy.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('//'));
}
