import { chmod, lstat, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { inspectBundle } from '../../../core/bundle/inspect';
import { rereadBundle, writeBundle } from '../../../core/bundle/write-bundle';
import { mountTmpfs, mountWorks, remount, unmountAll } from '../tmpfs';
import { AA, AO, backMedium, CO1, medium, outMedium, removeMedia, sampleOut, signed, STRANGER, value } from './sample-bundle';

afterEach(unmountAll);
afterAll(removeMedia);

const canMount = mountWorks();
if (!canMount)
  console.warn('Skipped: the tests of a full and of a read-only medium need root on Linux, to mount a tmpfs of their own.');

const prepared = sampleOut();
const signatures = signed(prepared, AO, AA);

describe('writing a bundle', () => {
  it('OUT is two files under fixed names, and what is read back is what was prepared', async () => {
    const { folder, bundle } = await outMedium();
    expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'wrapping-key.der']);
    expect(bundle.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(bundle.tolerated).toEqual([]);
    expect(bundle.data.map(({ name }) => name)).toEqual(['wrapping-key.der']);
  });

  it('BACK is two files under fixed names', async () => {
    const { folder } = await backMedium((await outMedium()).prepared);
    expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'wrapped-key.bin']);
  });

  it('several sets are numbered files', async () => {
    const out = await outMedium(3);
    expect((await readdir(out.folder)).sort()).toEqual([
      'manifest.json',
      'wrapping-key-1.der',
      'wrapping-key-2.der',
      'wrapping-key-3.der',
    ]);
    const back = await backMedium(out.prepared);
    expect(back.bundle.data.map(({ name }) => name)).toEqual(['wrapped-key-1.bin', 'wrapped-key-2.bin', 'wrapped-key-3.bin']);
  });

  it('nobody else may write it, and nothing in it can be run', async () => {
    const { folder } = await outMedium();
    for (const name of await readdir(folder)) {
      const { mode } = await lstat(join(folder, name));
      expect(mode & 0o600).toBe(0o600);
      expect(mode & 0o133).toBe(0);
    }
  });

  it('the import token is nowhere on the medium: only its digest is', async () => {
    const { folder } = await outMedium();
    const text = await readFile(join(folder, 'manifest.json'), 'utf8');
    expect(text).toContain('"importTokenSha256":"');
    expect(text).not.toMatch(/"importToken"/);
  });

  it.each([
    ['a bundle that is there', 'manifest.json', 'bundle.exists', /manifest\.json/],
    ['a file of anybody', 'holiday.jpg', 'bundle.extraFile', /holiday\.jpg is not a file of a bundle/],
    ['a hidden file', '.hidden', 'bundle.extraFile', /\.hidden is not a file/],
    ['a waste bin', '.Trash-1000', 'bundle.extraFile', /waste bin of a Linux desktop/],
  ])('is refused where there is %s, which is named and left alone', async (_, name, code, problem) => {
    const folder = await medium();
    await writeFile(join(folder, name), 'mine');
    const refused = await writeBundle(folder, prepared, signatures);
    expect(refused).toMatchObject({ ok: false, error: { code, detail: { names: name } } });
    expect(JSON.stringify(refused)).toMatch(problem);
    expect(await readdir(folder)).toEqual([name]);
    expect(await readFile(join(folder, name), 'utf8')).toBe('mine');
  });

  it('every name that is in the way is said', async () => {
    const folder = await medium();
    for (const name of ['b.txt', 'a.txt', 'c.txt']) await writeFile(join(folder, name), '');
    expect(await writeBundle(folder, prepared, signatures)).toMatchObject({
      error: { detail: { names: 'a.txt, b.txt, c.txt' } },
    });
  });

  it('the beginning of the same bundle, which a crash cut off, is taken away and the bundle written anew', async () => {
    const whole = await outMedium();
    const lines = signed(whole.prepared, AO, AA);
    const key = await readFile(join(whole.folder, 'wrapping-key.der'));
    const manifest = await readFile(join(whole.folder, 'manifest.json'));
    const rests: Record<string, Uint8Array>[] = [
      { 'wrapping-key.der': key.subarray(0, 0) },
      { 'wrapping-key.der': key.subarray(0, 99) },
      { 'wrapping-key.der': key },
      { 'wrapping-key.der': key, 'manifest.json': manifest.subarray(0, 1000) },
    ];
    for (const rest of rests) {
      const folder = await medium();
      for (const [name, bytes] of Object.entries(rest)) await writeFile(join(folder, name), bytes);
      expect(value(await writeBundle(folder, whole.prepared, lines)).digest).toBe(whole.bundle.digest);
      expect((await readdir(folder)).sort()).toEqual(['manifest.json', 'wrapping-key.der']);
    }
  });

  it('the beginning of another bundle, something beside it, a link to it, and the same bundle whole are left alone', async () => {
    const whole = await outMedium();
    const lines = signed(whole.prepared, AO, AA);
    const key = await readFile(join(whole.folder, 'wrapping-key.der'));
    const [other, beside, linked] = [await medium(), await medium(), await medium()];
    await writeFile(join(other, 'wrapping-key.der'), Buffer.concat([key.subarray(0, 50), Buffer.of(1, 2, 3)]));
    await writeFile(join(beside, 'wrapping-key.der'), key);
    await writeFile(join(beside, 'notes.txt'), 'mine');
    await symlink(join(whole.folder, 'wrapping-key.der'), join(linked, 'wrapping-key.der'));
    for (const folder of [other, beside, linked, whole.folder]) {
      const before = await readdir(folder);
      const refused = await writeBundle(folder, whole.prepared, lines);
      expect(refused).toMatchObject({ ok: false, error: { detail: { names: before.toSorted().join(', ') } } });
      expect(await readdir(folder)).toEqual(before);
    }
  });

  it('folders that the operating system makes by itself are let be, unopened, and named', async () => {
    const folder = await medium();
    for (const name of ['System Volume Information', '.fseventsd', 'lost+found'])
      await mkdir(join(folder, name), { mode: 0o000 });
    const bundle = value(await writeBundle(folder, prepared, signatures));
    expect(bundle.tolerated).toEqual(['.fseventsd', 'System Volume Information', 'lost+found']);
    for (const name of bundle.tolerated) await chmod(join(folder, name), 0o700);
  });

  it('a link or a file under the name of such a folder is not let be', async () => {
    const linked = await medium();
    await symlink('/', join(linked, 'lost+found'));
    const filed = await medium();
    await writeFile(join(filed, 'System Volume Information'), 'x');
    for (const folder of [linked, filed])
      expect(await writeBundle(folder, prepared, signatures)).toMatchObject({ ok: false, error: { code: 'bundle.extraFile' } });
  });

  it.each([
    ['nobody’s', []],
    ['a forged one', [{ ...signatures[0]!, signature: signatures[1]!.signature }, signatures[1]!]],
    ['one over another bundle', signed(sampleOut({ stationId: 'other' }), AO, AA)],
    ['one of somebody who may not approve', signed(prepared, CO1)],
    ['one with another key under an approver’s name', signed(prepared, STRANGER)],
  ])('with no signature but %s nothing is written', async (_, lines) => {
    const folder = await medium();
    expect(await writeBundle(folder, prepared, lines)).toMatchObject({ ok: false, error: { code: 'bundle.unsigned' } });
    expect(await readdir(folder)).toEqual([]);
  });

  it('a folder that is not there is not made: an unplugged medium would become a folder of the disk', async () => {
    const folder = join(await medium(), 'OUT');
    expect(await writeBundle(folder, prepared, signatures)).toMatchObject({ ok: false, error: { code: 'file.notFound' } });
  });

  it('facts that no manifest can hold are refused with their place, and nothing is written', async () => {
    const folder = await medium();
    for (const [changes, place] of [
      [{ accountId: '12' }, 'accountId'],
      [{ stationId: 'online\u202e1' }, 'stationId'],
    ] as const) {
      const wrong = sampleOut(changes);
      expect(await writeBundle(folder, wrong, signed(wrong, AO, AA))).toMatchObject({
        ok: false,
        error: { code: 'input.invalid', detail: { problem: expect.stringMatching(`^${place}: `) } },
      });
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(!canMount)('on a full medium is refused and leaves nothing behind', async () => {
    const folder = mountTmpfs('8k'); // room for two files
    const big = sampleOut({}, 3);
    expect(await writeBundle(folder, big, signed(big, AO, AA))).toMatchObject({
      ok: false,
      error: { code: 'file.diskFull', detail: { errno: 'ENOSPC' } },
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(!canMount)('on a read-only medium is refused; a bundle on one is read', async () => {
    const folder = mountTmpfs('1m');
    remount(folder, 'ro');
    expect(await writeBundle(folder, prepared, signatures)).toMatchObject({
      ok: false,
      error: { code: 'file.notWritable', detail: { errno: 'EROFS' } },
    });
    remount(folder, 'rw');
    const { digest } = value(await writeBundle(folder, prepared, signatures));
    remount(folder, 'ro');
    expect(value(await inspectBundle(folder)).digest).toBe(digest);
  });
});

describe('reading a written bundle again', () => {
  it('finds what was written', async () => {
    const { folder, bundle } = await outMedium();
    expect(value(await rereadBundle(folder, bundle))).toEqual(bundle);
  });

  it('notices another bundle, even a valid one', async () => {
    const { bundle } = await outMedium();
    const folder = await medium();
    const other = sampleOut({ stationId: 'online-2' });
    value(await writeBundle(folder, other, signed(other, AO, AA)));
    expect(await rereadBundle(folder, bundle)).toMatchObject({ ok: false, error: { code: 'bundle.otherCeremony' } });
  });

  it('notices a signature that is gone, although the digest is the same', async () => {
    const { bundle } = await outMedium();
    const folder = await medium();
    const fewer = value(await writeBundle(folder, prepared, signed(prepared, AO)));
    expect(fewer.digest).toBe(bundle.digest);
    expect(await rereadBundle(folder, bundle)).toMatchObject({
      ok: false,
      error: { code: 'bundle.otherCeremony', detail: { what: 'signatures' } },
    });
  });

  it('notices a medium that is not there', async () => {
    const { bundle } = await outMedium();
    expect(await rereadBundle(join(await medium(), 'gone'), bundle)).toMatchObject({
      ok: false,
      error: { code: 'bundle.notFound' },
    });
  });
});
