import type { Check } from '../../keys/evidence';
import { check } from './act';

/** One check about all hosts: it fails where something is wrong with one of them, and names each of those with what it is. */
export function eachHost<T extends { readonly host: string }>(
  rule: string,
  wanted: string,
  hosts: readonly T[],
  wrongWith: (host: T) => string | false,
): Check {
  const wrong = hosts.flatMap((one) => {
    const what = wrongWith(one);
    return what === false ? [] : [`${one.host}: ${what}`];
  });
  const isWell = hosts.length > 0 && wrong.length === 0;
  return check(rule, isWell, wanted, isWell ? wanted : wrong.join('; ') || 'there is no host');
}
