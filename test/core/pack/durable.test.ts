import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from '../../../core/pack/durable';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyrite-durable-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a file that takes the place of another', () => {
  it('is whole, whatever a try before it left beside it', async () => {
    const path = join(folder, 'secret');
    await replaceFile(path, bytes('old'));
    await replaceFile(`${path}.part`, bytes('half of somethi'));
    await replaceFile(path, bytes('new'));
    expect([await readdir(folder), await readFile(path, 'utf8')]).toEqual([['secret'], 'new']);
  });

  it('leaves nothing beside it where it cannot: what was written so far may be a secret', async () => {
    await mkdir(join(folder, 'secret', 'in the way'), { recursive: true });
    await expect(replaceFile(join(folder, 'secret'), bytes('new'))).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/);
    expect(await readdir(folder)).toEqual(['secret']);
  });
});
