import type { SettingsRemark } from './settings';

const RED = ['\u001B[31m', '\u001B[39m'] as const;
const YELLOW = ['\u001B[33m', '\u001B[39m'] as const;

/** Values of a file are somebody else's text: control and direction characters could repaint the verdict on a terminal. */
function plain(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '\ufffd');
}

function withStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

function describeOne({ severity, key, problem, remedy }: SettingsRemark, isTerminal: boolean): string {
  const [on, off] = isTerminal ? (severity === 'error' ? RED : YELLOW) : ['', ''];
  // A problem that begins small goes on where the key ends: `pool.queue is 0.` A path or a sentence does not.
  const joint = /^[\p{Lu}/]/u.test(problem) ? ': ' : ' ';
  const what = key === '' ? problem : `${key}${joint}${problem}`;
  return `${on}${severity}${off}  ${withStop(plain(what))}\n         ${plain(remedy)}`;
}

/** Errors, then warnings, each with its key, what is wrong, and what to do. '' where there is nothing to say. */
export function describeRemarks(remarks: readonly SettingsRemark[], isTerminal: boolean): string {
  const of = (wanted: SettingsRemark['severity']) => remarks.filter(({ severity }) => severity === wanted);
  return [...of('error'), ...of('warning')].map((remark) => describeOne(remark, isTerminal)).join('\n');
}
