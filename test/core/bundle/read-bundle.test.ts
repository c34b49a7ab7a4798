import { execFileSync } from 'node:child_process';
import { copyFile, link, mkdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bundleDigest } from '../../../core/bundle/manifest';
import { readBundle } from '../../../core/bundle/read-bundle';
import { writeBundle } from '../../../core/bundle/write-bundle';
import {
  AA,
  AO,
  arn,
  backExpectation,
  backMedium,
  BLOBS,
  hex,
  medium,
  outExpectation,
  outMedium,
  removeMedia,
  sampleOut,
  signed,
  SINGLE_ID,
  value,
} from './sample-bundle';
import { MANIFEST, edited, forged, refusal, spoilt } from './spoil-bundle';

afterAll(removeMedia);

const KEY = 'wrapping-key.der';

describe('the strict reader', () => {
  it('takes in what was written, OUT and BACK', async () => {
    const out = await outMedium();
    expect(await readBundle(out.folder, outExpectation())).toEqual({ ok: true, value: out.bundle });
    const back = await backMedium(out.prepared);
    const read = value(await readBundle(back.folder, backExpectation(out.prepared.manifest)));
    expect(read.data.map(({ bytes }) => bytes)).toEqual([BLOBS[0]]);
    expect(read.manifest).toMatchObject({ answers: out.bundle.digest, hsmSerial: '4a1c09d2e0f31b77' });
  });

  it('takes in three Regions of one multi-Region key', async () => {
    const out = await outMedium(3);
    const keyArns = out.bundle.manifest.sets.map(({ keyArn }) => keyArn);
    expect((await readBundle(out.folder, outExpectation({ keyArns }))).ok).toBe(true);
    const back = await backMedium(out.prepared);
    expect((await readBundle(back.folder, backExpectation(out.prepared.manifest))).ok).toBe(true);
  });

  describe('of the folder', () => {
    it('nothing there', async () => {
      expect(await readBundle(join(await medium(), 'none'), outExpectation())).toMatchObject(
        refusal('bundle.notFound', /no such folder/),
      );
      expect(await readBundle(await medium(), outExpectation())).toMatchObject(refusal('bundle.notFound', /no manifest\.json/));
    });

    it('a file instead of a folder', async () => {
      const path = join(await medium(), 'file');
      await writeFile(path, '');
      expect(await readBundle(path, outExpectation())).toMatchObject(refusal('bundle.notFound'));
    });

    it('a manifest or a key that is missing', async () => {
      expect(await spoilt((folder) => rm(join(folder, MANIFEST)))).toMatchObject(
        refusal('bundle.damaged', /not written to its end/),
      );
      expect(await spoilt((folder) => rm(join(folder, KEY)))).toMatchObject(
        refusal('bundle.damaged', /wrapping-key\.der is missing/),
      );
    });

    it.each([
      ['autorun.inf', /start a program.+attack/],
      ['setup.exe', /a program.+attack/],
      ['manifest.json.lnk', /a program or a link to one/],
      ['.DS_Store', /Finder/],
      ['._manifest.json', /side file of macOS/],
      ['desktop.ini', /Windows Explorer/],
      ['import-token.bin', /not a file of a bundle/],
      ['wrapping-key-2.der', /another bundle/],
      ['wrapped-key.bin', /another bundle/],
      ['wrapping-key-11.der', /another bundle/],
      ['MANIFEST.JSON', /not a file of a bundle/],
      ['notes.txt', /not a file of a bundle/],
    ])('an extra file %s is refused with what it is', async (name, problem) => {
      expect(await spoilt((folder) => writeFile(join(folder, name), 'x'))).toMatchObject(refusal('bundle.extraFile', problem));
    });

    it.each(['.Trash-1000', '.Trashes-', 'wrapping', '$RECYCLE.BIN'])('a folder %s is refused', async (name) => {
      expect(await spoilt((folder) => mkdir(join(folder, name)))).toMatchObject(refusal('bundle.extraFile'));
    });

    it('the operating system’s own folders are let be and named; what is in them is not looked at', async () => {
      const read = value(
        await spoilt(async (folder) => {
          await mkdir(join(folder, 'System Volume Information'));
          await writeFile(join(folder, 'System Volume Information', 'WPSettings.dat'), 'x');
          await mkdir(join(folder, '.Spotlight-V100'), { mode: 0o000 });
        }),
      );
      expect(read.tolerated).toEqual(['.Spotlight-V100', 'System Volume Information']);
    });

    it('a file or a link under the name of such a folder is refused', async () => {
      const filed = (folder: string) => writeFile(join(folder, '.fseventsd'), 'x');
      const linked = (folder: string) => symlink(join(folder, '..'), join(folder, 'lost+found'));
      for (const spoil of [filed, linked])
        expect(await spoilt(spoil)).toMatchObject(
          refusal('bundle.extraFile', /name of a folder of the operating system, but it is none/),
        );
    });

    it('more entries than a bundle can have are refused without looking at each', async () => {
      const crowd = async (folder: string) => {
        for (let i = 0; i < 60; i++) await writeFile(join(folder, `zz-${i}`), '');
      };
      expect(await spoilt(crowd)).toMatchObject(refusal('bundle.extraFile', /More than 40 entries/));
    });

    it.skipIf(process.platform === 'win32')('a link, even to the very bytes, is refused', async () => {
      for (const name of [MANIFEST, KEY]) {
        const spoil = async (folder: string) => {
          const elsewhere = join(await medium(), name);
          await rename(join(folder, name), elsewhere);
          await symlink(elsewhere, join(folder, name));
        };
        expect(await spoilt(spoil)).toMatchObject(refusal('bundle.damaged', /is a link/));
      }
    });

    it('a folder in the place of a file is refused', async () => {
      for (const name of [MANIFEST, KEY]) {
        const spoil = async (folder: string) => {
          await rm(join(folder, name));
          await mkdir(join(folder, name));
        };
        expect(await spoilt(spoil)).toMatchObject(refusal('bundle.damaged', /not a plain file/));
      }
    });

    it.skipIf(process.platform === 'win32')(
      'a pipe in the place of a file is refused and does not keep the reader waiting',
      async () => {
        for (const name of [MANIFEST, KEY]) {
          const spoil = async (folder: string) => {
            await rm(join(folder, name));
            execFileSync('mkfifo', [join(folder, name)]);
          };
          expect(await spoilt(spoil)).toMatchObject(refusal('bundle.damaged', /not a plain file/));
        }
      },
    );

    it('files that are too large are refused, a sparse one of a terabyte at once', async () => {
      expect(await spoilt((folder) => truncate(join(folder, KEY), 1025))).toMatchObject(refusal('bundle.tooLarge', /1024 bytes/));
      expect(await spoilt((folder) => truncate(join(folder, MANIFEST), 2 ** 40))).toMatchObject(refusal('bundle.tooLarge'));
    });
  });

  describe('of the data', () => {
    it.each([
      ['cut off', (folder: string) => truncate(join(folder, KEY), 100)],
      ['empty', (folder: string) => truncate(join(folder, KEY), 0)],
      [
        'one bit flipped',
        async (folder: string) => {
          const bytes = await readFile(join(folder, KEY));
          bytes[50]! ^= 1;
          await writeFile(join(folder, KEY), bytes);
        },
      ],
    ])('a wrapping key %s', async (_, spoil) => {
      expect(await spoilt(spoil)).toMatchObject(refusal('bundle.damaged', /wrapping-key\.der/));
    });

    it('two files of one bundle swapped', async () => {
      const { folder, bundle } = await outMedium(2);
      const [a, b] = ['wrapping-key-1.der', 'wrapping-key-2.der'].map((name) => join(folder, name));
      await rename(a!, `${folder}-swap`);
      await rename(b!, a!);
      await rename(`${folder}-swap`, b!);
      const keyArns = bundle.manifest.sets.map(({ keyArn }) => keyArn);
      expect(await readBundle(folder, outExpectation({ keyArns }))).toMatchObject(refusal('bundle.damaged', /SHA-256/));
    });

    it('the outbound swap: an attacker’s wrapping key with a manifest to match is not signed by anybody', async () => {
      const other = await outMedium(2);
      const key = await readFile(join(other.folder, 'wrapping-key-2.der'));
      const swapped = spoilt(async (folder) => {
        await copyFile(join(other.folder, 'wrapping-key-2.der'), join(folder, KEY));
        await forged((manifest) => {
          const sets = manifest['sets'] as object[];
          const sha256 = hex(key);
          return { ...manifest, sets: [{ ...sets[0], spkiSha256: sha256 }], files: [{ name: KEY, size: key.length, sha256 }] };
        })(folder);
      });
      expect(await swapped).toMatchObject(refusal('bundle.unsigned', /does not verify/));
    });

    it('the inbound swap: an attacker’s blob with a manifest to match is not signed by anybody', async () => {
      const out = await outMedium();
      const { folder } = await backMedium(out.prepared);
      const blob = new Uint8Array(256).fill(66);
      await writeFile(join(folder, 'wrapped-key.bin'), blob);
      await forged((manifest) => ({ ...manifest, files: [{ name: 'wrapped-key.bin', size: 256, sha256: hex(blob) }] }))(folder);
      expect(await readBundle(folder, backExpectation(out.prepared.manifest))).toMatchObject(refusal('bundle.unsigned'));
    });

    it('a hard link to the same bytes is the same file, and harmless: it is read once', async () => {
      const read = await spoilt(async (folder) => {
        const elsewhere = join(await medium(), 'key');
        await link(join(folder, KEY), elsewhere);
      });
      expect(read.ok).toBe(true);
    });
  });

  describe('of the manifest', () => {
    it.each([
      ['cut off', (text: string) => text.slice(0, -10), /not JSON/],
      ['empty', () => '', /not JSON/],
      ['without its last newline', (text: string) => text.trimEnd(), /newline/],
      ['with a second newline', (text: string) => `${text}\n`, /canonical/],
      ['with a byte order mark', (text: string) => `\ufeff${text}`, /not JSON/],
      ['laid out for people', (text: string) => `${JSON.stringify(JSON.parse(text), null, 2)}\n`, /canonical/],
      [
        'in another order',
        (text: string) => `{"version":"unbuilt",${text.slice(1).replace(',"version":"unbuilt"', '')}`,
        /canonical/,
      ],
      ['with a member twice', (text: string) => text.replace('{', '{"accountId":"111122223333",'), /canonical/],
      ['with a number written otherwise', (text: string) => text.replace(/"size":(\d+)/, '"size":$1.0'), /canonical/],
      ['with an escaped letter', (text: string) => text.replace('online-1', '\\u006fnline-1'), /canonical/],
      ['of another format', (text: string) => text.replace('keyrite-bundle-1', 'keyrite-bundle-2'), /format/],
      ['of nothing but brackets', () => `${'['.repeat(30_000)}${']'.repeat(30_000)}\n`, /manifest\.json/],
    ])('%s', async (_, change, problem) => {
      expect(await spoilt(edited(change))).toMatchObject(refusal('bundle.damaged', problem));
    });

    it('with a member that nobody knows, at any depth, is refused', async () => {
      const everywhere: ((manifest: Record<string, unknown>) => object)[] = [
        (manifest) => ({ ...manifest, note: 'hello' }),
        (manifest) => ({ ...manifest, sets: [{ ...(manifest['sets'] as object[])[0], importToken: 'AAAA' }] }),
        (manifest) => ({ ...manifest, files: [{ ...(manifest['files'] as object[])[0], mode: 493 }] }),
        (manifest) => ({ ...manifest, signatures: (manifest['signatures'] as object[]).map((one) => ({ ...one, role: 'AO' })) }),
        (manifest) => ({ ...manifest, answers: hex('x') }),
      ];
      for (const change of everywhere)
        expect(await spoilt(forged(change))).toMatchObject(refusal('bundle.damaged', /nrecognized key/));
      expect(await spoilt(edited((text) => text.replace(/\}\n$/, ',"zz":1}\n')))).toMatchObject(refusal('bundle.damaged'));
      expect(await spoilt(edited((text) => text.replace('{', '{"__proto__":{},')))).toMatchObject(refusal('bundle.damaged'));
    });

    it('that names a file of its own choice is refused: names are ours', async () => {
      const other = forged((manifest) => ({
        ...manifest,
        sets: [{ ...(manifest['sets'] as object[])[0], file: '../key.der' }],
        files: [{ ...(manifest['files'] as object[])[0], name: '../key.der' }],
      }));
      expect(await spoilt(other)).toMatchObject(refusal('bundle.damaged', /does not name wrapping-key\.der/));
    });

    it('whose sets contradict each other is refused, although it is signed', async () => {
      const one = sampleOut();
      const three = sampleOut({}, 3);
      const [first, second, third] = three.manifest.sets;
      const wrong = [
        { ...three.manifest, sets: [first!, second!, { ...third!, keyArn: third!.keyArn.replace('mrk-0', 'mrk-1') }] },
        { ...three.manifest, sets: [first!, second!, { ...third!, region: 'us-west-2' }] },
        { ...three.manifest, sets: three.manifest.sets.map((set) => ({ ...set, keyArn: arn(set.region, SINGLE_ID) })) },
        { ...one.manifest, accountId: '999999999999' },
        { ...one.manifest, sets: [{ ...one.manifest.sets[0]!, spkiSha256: hex('another key') }] },
        { ...one.manifest, approvers: [...one.manifest.approvers, one.manifest.approvers[0]!] },
      ];
      for (const manifest of wrong) {
        const data = manifest.sets.length === 3 ? three.data : one.data;
        const prepared = { manifest, data, digest: bundleDigest(manifest) };
        expect(await writeBundle(await medium(), prepared, signed(prepared, AO, AA))).toMatchObject(refusal('bundle.damaged'));
      }
    });

    it('with control or direction characters in a name is refused, for it could repaint a screen', async () => {
      for (const stationId of ['online\u202e1', 'online\u001b[2J', 'on\nline'])
        expect(await spoilt(forged((manifest) => ({ ...manifest, stationId })))).toMatchObject(
          refusal('bundle.damaged', /stationId/),
        );
    });
  });
});
