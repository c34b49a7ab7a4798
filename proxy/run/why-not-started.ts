import type { ErrorCode } from '../../core/contract/errors';
import type { Failure } from '../../core/contract/result';
import type { SettingsRemark } from '../settings/settings';
import type { NotStarted } from './start';

/** What a remark is about, told by the key it is about; the rest is the settings as a whole. */
const ABOUT: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^tls\./, 'proxy.certificate'],
  [/^hsm\.pin/, 'proxy.pinNotRead'],
  [/^hsm\.module/, 'token.moduleMissing'],
];

/** The first error of several, as a failure that a supervisor can show. */
export function failureOf(remarks: readonly SettingsRemark[]): Failure {
  const errors = remarks.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return { code: 'proxy.settings', detail: {} };
  const code = ABOUT.find(([key]) => key.test(first.key))?.[1] ?? 'proxy.settings';
  const { key, problem, remedy } = first;
  return { code, detail: { key, problem, remedy, ...(errors.length > 1 ? { more: errors.length - 1 } : {}) } };
}

/** Why a proxy does not start, as a failure that a supervisor can show. */
export function whyNotStarted(why: NotStarted): Failure {
  if (why.kind === 'refused') return why.error;
  if (why.kind === 'settings') return failureOf(why.remarks);
  const { key, problem, remedy } = why.remark;
  return { code: key.startsWith('server.') ? 'proxy.portTaken' : failureOf([why.remark]).code, detail: { key, problem, remedy } };
}
