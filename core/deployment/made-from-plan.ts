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

/**
 * A letter that no file of ours has: one that ends a comment of Cedar (a carriage return) or turns the line around would have people and
 * proxy read two texts. Of control characters, our files have line ends and tabs.
 */
const DECEPTIVE = /(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A plan is what the next change begins with. Names of the files that say anything else than it makes; another release's comments may differ. */
export function notMadeFrom(plan: DeploymentPlan, { settings, policy }: ProxyTexts): readonly string[] {
  const made = textsOf(plan);
  return [
    ...(isPlain(settings) && isDeepStrictEqual(tableOf(settings), tableOf(made.settings)) ? [] : ['settings.toml']),
    ...(isPlain(policy) && isDeepStrictEqual(rulesOf(policy), rulesOf(made.policy)) ? [] : ['policy.cedar']),
  ];
}

function isPlain(text: string): boolean {
  return !DECEPTIVE.test(text);
}

/** The text with a mark in place of each letter that would deceive who reads it on a screen. */
export function asShown(text: string): string {
  return text.replaceAll(new RegExp(DECEPTIVE, 'gu'), '\u{FFFD}');
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
