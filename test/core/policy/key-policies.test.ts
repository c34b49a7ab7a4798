import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { lintPolicy } from '../../../core/policy/lint';
import { readPolicy } from '../../../core/policy/read';
import { policyFromForm } from '../../../core/policy/template';
import { EXAMPLES } from './examples';
import { role } from './samples';

const FOLDER = new URL('../../../resources/key-policies/', import.meta.url);

describe('resources/key-policies', () => {
  it('holds the examples and nothing else', async () => {
    expect((await readdir(FOLDER)).toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
  });

  it.each(Object.entries(EXAMPLES))('has %s as the template makes it, and the lint is silent on it', async (name, form) => {
    const text = await readFile(new URL(name, FOLDER), 'utf8');
    const made = policyFromForm(form);
    expect(made.ok && made.text).toBe(text);
    const reading = readPolicy(text);
    expect(reading.ok && lintPolicy(reading, { callerArn: role('KeyAdmin1') }).findings).toEqual([]);
  });
});
