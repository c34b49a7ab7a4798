import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyPack, reportOf } from '../../electron/pack-files';

let folder = '';
let pack = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-pack-'));
  pack = join(folder, 'hsm-key-1');
  mkdirSync(join(pack, 'artefacts'), { recursive: true });
  writeFileSync(join(pack, 'report.pdf'), '%PDF-1.7 ...');
  writeFileSync(join(pack, 'artefacts', 'template.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the report handed to a viewer', () => {
  it('is the report of the pack', async () => {
    expect(await reportOf(pack)).toEqual({ ok: true, value: join(pack, 'report.pdf') });
  });

  it('is there, is a PDF, and is no link to something else', async () => {
    expect(await reportOf(join(folder, 'none'))).toMatchObject({ error: { code: 'file.notFound' } });
    writeFileSync(join(pack, 'report.pdf'), '#!/bin/sh');
    expect(await reportOf(pack)).toMatchObject({ error: { code: 'file.damaged' } });
    rmSync(join(pack, 'report.pdf'));
    writeFileSync(join(folder, 'other.pdf'), '%PDF-1.7');
    symlinkSync(join(folder, 'other.pdf'), join(pack, 'report.pdf'));
    expect(await reportOf(pack)).toMatchObject({ error: { code: 'file.foreign' } });
  });
});

describe('a copy of a pack', () => {
  it('is whole and under its own name', async () => {
    const target = join(folder, 'stick');
    mkdirSync(target);
    expect(await copyPack(pack, target)).toEqual({ ok: true, value: join(target, 'hsm-key-1') });
    expect(readFileSync(join(target, 'hsm-key-1', 'artefacts', 'template.json'), 'utf8')).toBe('{}');
  });

  it('is never written into a folder that is there', async () => {
    mkdirSync(join(folder, 'stick', 'hsm-key-1'), { recursive: true });
    expect(await copyPack(pack, join(folder, 'stick'))).toMatchObject({ error: { code: 'file.exists' } });
  });

  it('needs a pack and a place', async () => {
    expect(await copyPack(join(folder, 'none'), folder)).toMatchObject({ error: { code: 'file.notFound' } });
    expect(await copyPack(pack, join(folder, 'nowhere'))).toMatchObject({ error: { code: 'file.notFound' } });
  });
});
