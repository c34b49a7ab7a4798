import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openJsonFile } from '../../electron/json-file';

const schema = z.strictObject({ count: z.int() });
let folder = '';
const open = () => openJsonFile(join(folder, 'x.json'), schema, { count: 0 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-json-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a small JSON file', () => {
  it('has its defaults before it exists, and keeps what is saved', () => {
    const file = open();
    expect([file.value(), file.damaged]).toEqual([{ count: 0 }, null]);
    file.save({ count: 3 });
    expect(open().value()).toEqual({ count: 3 });
    expect(readdirSync(folder)).toEqual(['x.json']);
  });

  it.each(['', '{"count":', '{"count":"3"}', '{"count":3,"more":1}', 'null'])(
    'that holds %j is kept aside, and the defaults are used',
    (text) => {
      writeFileSync(join(folder, 'x.json'), text);
      const file = open();
      expect(file.value()).toEqual({ count: 0 });
      expect(readFileSync(file.damaged ?? '', 'utf8')).toBe(text);
      file.save({ count: 1 });
      expect(open()).toMatchObject({ damaged: null });
    },
  );

  it.skipIf(process.platform === 'win32').each([
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a folder', (path: string) => mkdirSync(path)],
    ['larger than 4 MiB', (path: string) => writeFileSync(path, ' '.repeat(4_194_305))],
  ])('that is %s is kept aside without waiting', (_name, make) => {
    make(join(folder, 'x.json'));
    const file = open();
    expect(file.value()).toEqual({ count: 0 });
    expect(readdirSync(folder)).toEqual(['x.json.damaged']);
    file.save({ count: 1 });
    expect(open().value()).toEqual({ count: 1 });
  });

  it('is not changed by a value that does not fit', () => {
    const file = open();
    file.save({ count: 2 });
    expect(() => file.save({ count: 1.5 })).toThrow();
    expect([file.value(), open().value()]).toEqual([{ count: 2 }, { count: 2 }]);
  });

  it('that cannot be written leaves the old value in force', () => {
    const file = openJsonFile(join(folder, 'a-file', 'x.json'), schema, { count: 7 });
    writeFileSync(join(folder, 'a-file'), '');
    expect(() => file.save({ count: 8 })).toThrow();
    expect(file.value()).toEqual({ count: 7 });
  });
});
