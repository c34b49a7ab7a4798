import { describe, expect, it } from 'vitest';
import { missingLibraries } from '../../../core/setup/electron-libraries.mjs';

describe('what ldd says', () => {
  it('names the libraries that were not found', () => {
    const output =
      '\tlinux-vdso.so.1 (0x0000)\n\tlibnss3.so => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x0000)\n\tlibgbm.so.1 => not found\n';
    expect(missingLibraries(output)).toEqual(['libnss3.so', 'libgbm.so.1']);
  });

  it('names none where all were found', () => {
    expect(missingLibraries('\tlibc.so.6 => /lib/libc.so.6 (0x0000)\n')).toEqual([]);
  });
});
