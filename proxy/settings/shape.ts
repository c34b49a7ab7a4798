import type { z } from 'zod';
import { form, type Form } from './form';
import { unknownKeyRemedy } from './known-keys';
import type { BrokenRule } from './leaf';
import { keyText, type KeyPath, type Remarks } from './remarks';

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  boolean: 'true or false, without quotes',
  int: 'a whole number, without quotes',
  number: 'a whole number, without quotes',
  array: 'a list in square brackets, or a table in double ones',
  object: 'a table',
  record: 'a table',
};

function valueAt(tree: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>((at, part) => (at as Record<string | number, unknown> | undefined)?.[part], tree);
}

/** Takes away what is wrong, so that everything else can still be judged: in a list of plain values the whole list. */
function prune(tree: unknown, path: KeyPath): KeyPath {
  const end = path.findLastIndex((part) => typeof part === 'string');
  const place = path.slice(0, end + 1);
  const parent = valueAt(tree, place.slice(0, -1));
  if (typeof parent === 'object' && parent !== null) Reflect.deleteProperty(parent, place.at(-1) ?? '');
  return place;
}

function sayBrokenRule(issue: z.core.$ZodIssueCustom, value: unknown, key: string, remarks: Remarks): void {
  const { problem, remedy } = issue.params as unknown as BrokenRule<unknown>;
  remarks.error(key, typeof problem === 'string' ? problem : problem(value), remedy);
}

function say(issue: z.core.$ZodIssue, value: unknown, remarks: Remarks): void {
  const path = issue.path as KeyPath;
  const key = keyText(path);
  if (issue.code === 'unrecognized_keys') {
    for (const name of issue.keys)
      remarks.error(keyText([...path, name]), 'is not a key of these settings', unknownKeyRemedy(path, name));
  } else if (issue.code === 'custom') sayBrokenRule(issue, value, key, remarks);
  else if (issue.code === 'invalid_value') {
    remarks.error(
      key,
      'is not one of the words it can be',
      `Write one of: ${issue.values.map((one) => `"${String(one)}"`).join(', ')}.`,
    );
  } else if (issue.code === 'invalid_key') {
    remarks.error(
      key,
      'is not the label of a key',
      'Write 1 to 128 characters of A-Z, a-z, 0-9, "-", ".", "_", as XksKeyId allows.',
    );
  } else {
    const expected = issue.code === 'invalid_type' ? EXPECTED[issue.expected] : undefined;
    remarks.error(
      key,
      'is of another kind than it has to be',
      `Write ${expected ?? 'a date such as "2026-11-23" or "2026-11-23T08:00:00Z"'}.`,
    );
  }
}

function pruneIssue(tree: unknown, issue: z.core.$ZodIssue, remarks: Remarks): void {
  const path = issue.path as KeyPath;
  if (issue.code === 'unrecognized_keys') for (const name of issue.keys) prune(tree, [...path, name]);
  else remarks.markWrong(keyText(prune(tree, path)));
}

/**
 * The settings as the form wants them, and every place where they are otherwise as a remark. What is wrong is left out of the answer,
 * as if it had not been written; `remarks.isWrong` tells.
 * @param tree what the TOML parser answered; changed
 */
export function judgeShape(tree: unknown, remarks: Remarks): Form {
  // A table that loses its wrong parts may show others: each round takes at least one away, so this ends.
  for (;;) {
    const judged = form.safeParse(tree);
    if (judged.success) return judged.data;
    for (const issue of judged.error.issues) say(issue, valueAt(tree, issue.path as KeyPath), remarks);
    for (const issue of judged.error.issues) pruneIssue(tree, issue, remarks);
  }
}
