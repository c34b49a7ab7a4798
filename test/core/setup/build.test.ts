import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fingerprint } from '../../../core/setup/build.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'keyrite-inputs-'));
  mkdirSync(path.join(root, 'core', 'deep'), { recursive: true });
  writeFileSync(path.join(root, 'core', 'deep', 'a.ts'), 'one');
  writeFileSync(path.join(root, 'package.json'), '{}');
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

const now = () => fingerprint(['core', 'package.json', 'electron'], root);

describe('the fingerprint of the build inputs', () => {
  it('stays the same when only times change', () => {
    const before = now();
    utimesSync(path.join(root, 'core', 'deep', 'a.ts'), 1, 1);
    expect(now()).toBe(before);
  });

  it.each<[string, (folder: string) => void]>([
    ['a file changes', (folder) => writeFileSync(path.join(folder, 'core', 'deep', 'a.ts'), 'two')],
    ['a file is added', (folder) => writeFileSync(path.join(folder, 'core', 'b.ts'), '')],
    [
      'a room is added',
      (folder) => {
        mkdirSync(path.join(folder, 'electron'));
        writeFileSync(path.join(folder, 'electron', 'main.ts'), '');
      },
    ],
    ['a single file changes', (folder) => writeFileSync(path.join(folder, 'package.json'), '{ }')],
    ['a file is removed', (folder) => rmSync(path.join(folder, 'core', 'deep', 'a.ts'))],
  ])('differs when %s', (_, change) => {
    const before = now();
    change(root);
    expect(now()).not.toBe(before);
  });
});
