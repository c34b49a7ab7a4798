import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ALL_CASES } from '../../../core/as-kms/cases/all';

const guide = await readFile(new URL('../../../docs/proxy-test.md', import.meta.url), 'utf8');

describe('docs/proxy-test.md', () => {
  it('lists every case with its expectation, in the order they run, and no other', () => {
    const rows = [...guide.matchAll(/^\| `([a-z0-9-]+)` +\| (.+?) +\|/gm)].map(([, name, expects]) => [name, expects]);
    const listed = rows.filter(([name]) => ALL_CASES.some((one) => one.name === name) || /[a-z]-[a-z]/.test(name ?? ''));
    expect(listed).toEqual(ALL_CASES.map(({ name, expects }) => [name, expects]));
  });
});

describe('the cases', () => {
  it('have names of their own, and texts that are sentences', () => {
    expect(new Set(ALL_CASES.map(({ name }) => name)).size).toBe(ALL_CASES.length);
    for (const { name, expects, means, remedy } of ALL_CASES) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      for (const text of [expects, means, remedy]) expect(text).toMatch(/^[A-Za-z].+\.$/s);
    }
  });
});
