import { sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileOfAddress } from '../../electron/app-files';

const FOLDER = `${sep}pages`;

describe('addresses of app://', () => {
  it('name the files a build makes', () => {
    expect(fileOfAddress('app://keyrite/index.html', FOLDER)?.path).toBe(`${FOLDER}${sep}index.html`);
    expect(fileOfAddress('app://keyrite/', FOLDER)?.path).toBe(`${FOLDER}${sep}index.html`);
    expect(fileOfAddress('app://keyrite/index.html#/ceremony', FOLDER)?.path).toBe(`${FOLDER}${sep}index.html`);
    expect(fileOfAddress('app://keyrite/assets/index--a_B1.js', FOLDER)).toEqual({
      path: `${FOLDER}${sep}assets${sep}index--a_B1.js`,
      contentType: 'text/javascript; charset=utf-8',
    });
  });

  it.each([
    'app://keyrite/../package.json',
    'app://keyrite/assets/../../main/main.js',
    'app://keyrite/%2e%2e/main/main.js',
    'app://keyrite/..%2fmain%2fmain.js',
    'app://keyrite/..\\main\\main.js',
    'app://keyrite/C:/windows/win.js',
    'app://keyrite//etc/hosts.js',
    'app://keyrite/.hidden.js',
    'app://keyrite/index.html\0.js',
    'app://keyrite/index.html?x=1',
    'app://keyrite/transcript.jsonl',
    'app://keyrite/assets/',
    'app://other/index.html',
    'app://keyrite.example/index.html',
    'file:///etc/passwd',
    'https://keyrite/index.html',
  ])('do not include %s', (address) => {
    expect(fileOfAddress(address, FOLDER)).toBeNull();
  });

  it('never lead out of the folder', () => {
    const piece = fc.oneof(
      fc.constantFrom('..', '.', '/', '\\', '%2e', '%2f', 'a.js', '\0', ':', '~'),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const file = fileOfAddress(`app://keyrite/${pieces.join('')}.js`, FOLDER);
        return file === null || (file.path.startsWith(`${FOLDER}${sep}`) && !file.path.split(sep).includes('..'));
      }),
    );
  });
});
