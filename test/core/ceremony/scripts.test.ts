import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScript } from '../../../core/ceremony/script-file';

const folder = new URL('../../../resources/ceremonies/', import.meta.url);

describe('the shipped ceremony scripts', () => {
  for (const name of readdirSync(folder)) {
    it(`${name} reads and lints without a finding`, () => {
      expect(readScript(readFileSync(new URL(name, folder), 'utf8'))).toMatchObject({ ok: true });
    });
  }
});
