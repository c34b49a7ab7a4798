import { isAbsolute, resolve } from 'node:path';
import type { Profile } from '../../core/pkcs11/profile';
import type { Form } from './form';
import type { Remarks } from './remarks';

/** A settings file while it is turned into settings. */
export interface Reading {
  readonly form: Form;
  readonly remarks: Remarks;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly profiles: readonly Profile[];
}

/** Nobody serves with a value made up for a missing one: a remark is an error, and the settings are not handed out. */
export function needed<T>(reading: Reading, key: string, value: T | undefined, standIn: T, remedy: string): T {
  if (value === undefined && !reading.remarks.isWrong(key)) reading.remarks.error(key, 'is missing', remedy);
  return value ?? standIn;
}

/** A path of the AWS sample's keys, which may be relative to where the program is started. Empty counts as not written. */
export function samplePath({ remarks }: Reading, key: string, path: string | undefined): string | undefined {
  if (path === undefined || path === '') return undefined;
  const whole = resolve(path);
  if (!isAbsolute(path)) {
    remarks.warning(key, `is relative to the folder where the proxy is started; now that is ${whole}`, `Write "${whole}".`);
  }
  return whole;
}

/** The file is one of the AWS sample proxy, or began as one. */
export function isSample({ form }: Reading): boolean {
  return form.pkcs11 !== undefined;
}

/** Two keys that say the same: one of them would be ignored without a word. */
export function refuseTwice({ remarks }: Reading, kept: string, other: string): void {
  remarks.error(
    other,
    `says again what ${kept} says`,
    `Take one of the two out: ${kept} is ours, ${other} is the AWS sample proxy's.`,
  );
}
