import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

/** A small house in which every file but the last few breaks exactly one rule. */
const HOUSE: Readonly<Record<string, string>> = {
  'core/ceremony/reads-files.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;",
  'core/evidence/parses-yaml.ts': "import { parse } from 'yaml';\nexport const a = parse;",
  'core/keys/asks-the-token.ts': "import { fine } from '../pkcs11/fine';\nexport const a = fine;",
  'core/station/opens-windows.ts': "import { app } from 'electron';\nexport const a = app;",
  'core/station/draws.ts': "import { page } from '../../renderer/page';\nexport const a = page;",
  'core/pack/loads-modules.ts': "import p from 'pkcs11js';\nexport const a = p;",
  'core/station/prints.ts': "import p from 'pdfmake';\nexport const a = p;",
  'core/station/forges.ts': "import f from 'node-forge';\nexport const a = f;",
  'proxy/makes-certificates.ts': "import { request } from '../core/tls/request';\nexport const a = request;",
  'core/pkcs11/runs-ceremonies.ts': "import { b } from '../station/uses-terminal';\nexport const a = b;",
  'core/station/uses-terminal.ts': "import { verb } from '../cli/verb';\nexport const b = verb;",
  'core/setup/uses-packages.mjs': "import { z } from 'zod';\nexport const a = z;",
  'core/station/cycle-one.ts': "import { two } from './cycle-two';\nexport const one = () => two;",
  'core/station/cycle-two.ts': "import { one } from './cycle-one';\nexport const two = () => one;",
  'core/station/forgotten.ts': 'export const a = 1;',
  'core/station/lost.ts': "import { a } from './nowhere';\nexport const b = a;",
  'electron/imports-proxy.ts': "import { serve } from '../proxy/serve';\nexport const a = serve;",
  'renderer/runs-the-engine.ts': "import { decide } from '../core/ceremony/decide';\nexport const a = decide;",
  'renderer/opens-files.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;",
  'renderer/parses.ts': "import { z } from 'zod';\nexport const a = z;",
  // lawful
  'core/ceremony/decide.ts': "import { z } from 'zod';\nexport const decide = z;",
  'core/cli/verb.ts': "import { fine } from '../pkcs11/fine';\nexport const verb = fine;",
  'core/pkcs11/fine.ts':
    "import p from 'pkcs11js';\nimport { createHash } from 'node:crypto';\nexport const fine = [p, createHash];",
  'core/tls/request.ts': "import f from 'node-forge';\nexport const request = f;",
  'renderer/page.ts':
    "import { useState } from 'react';\nimport { decide } from '../core/contract/shown';\nexport const page = [useState, decide];",
  'core/contract/shown.ts': "import { decide } from '../ceremony/decide';\nexport { decide };",
  'proxy/serve.ts':
    "import { createServer } from 'node:http';\nimport { fine } from '../core/pkcs11/fine';\nexport const serve = [createServer, fine];",
};

interface Cruise {
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

let house: string;
let cruise: Cruise;

beforeAll(async () => {
  house = await mkdtemp(path.join(tmpdir(), 'keyrite-house-'));
  for (const [file, text] of Object.entries(HOUSE)) {
    await mkdir(path.dirname(path.join(house, file)), { recursive: true });
    await writeFile(path.join(house, file), text);
  }
  await symlink(path.join(ROOT, 'node_modules'), path.join(house, 'node_modules'));
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json'])
    await cp(path.join(ROOT, file), path.join(house, file));
  const program = path.join(ROOT, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
  const args = [program, 'core', 'electron', 'proxy', 'renderer', '--preserve-symlinks', '--output-type', 'json'];
  // It exits with the number of violations, which execFile takes for an error; the report is on stdout all the same.
  const answer = await promisify(execFile)(process.execPath, args, { cwd: house, maxBuffer: 64 * 1024 * 1024 }).catch(
    (error: unknown) => error as { stdout: string },
  );
  cruise = JSON.parse(answer.stdout) as Cruise;
}, 60_000);

afterAll(() => rm(house, { recursive: true, force: true }));

function rulesBrokenBy(file: string): string[] {
  return [...new Set(cruise.summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name))].toSorted();
}

describe('the import rules', () => {
  it.each([
    ['core/ceremony/reads-files.ts', 'pure-has-no-node'],
    ['core/evidence/parses-yaml.ts', 'pure-imports-pure-only'],
    ['core/keys/asks-the-token.ts', 'pure-imports-pure-only'],
    ['core/station/opens-windows.ts', 'core-knows-no-runtime'],
    ['core/station/opens-windows.ts', 'electron-only-in-electron'],
    ['core/station/draws.ts', 'core-knows-no-runtime'],
    ['core/pack/loads-modules.ts', 'pkcs11js-only-in-pkcs11'],
    ['core/station/prints.ts', 'pdf-only-in-pack'],
    ['core/station/forges.ts', 'forge-only-in-tls'],
    ['proxy/makes-certificates.ts', 'proxy-imports-little-of-core'],
    ['core/pkcs11/runs-ceremonies.ts', 'token-and-pack-know-no-station'],
    ['core/station/uses-terminal.ts', 'nobody-imports-the-terminal'],
    ['core/setup/uses-packages.mjs', 'set-up-stands-alone'],
    ['core/station/cycle-one.ts', 'no-cycles'],
    ['core/station/forgotten.ts', 'no-orphans'],
    ['core/station/lost.ts', 'not-resolvable'],
    ['electron/imports-proxy.ts', 'desktop-launches-the-proxy'],
    ['renderer/runs-the-engine.ts', 'pages-see-the-contract-only'],
    ['renderer/opens-files.ts', 'pages-have-no-node'],
    ['renderer/parses.ts', 'pages-import-react-and-cloudscape-only'],
  ])('catch %s by %s', (file, rule) => {
    expect(rulesBrokenBy(file)).toContain(rule);
  });

  it.each([
    'core/ceremony/decide.ts',
    'core/cli/verb.ts',
    'core/pkcs11/fine.ts',
    'core/tls/request.ts',
    'renderer/page.ts',
    'core/contract/shown.ts',
    'proxy/serve.ts',
  ])('let %s pass', (file) => {
    expect(rulesBrokenBy(file)).toEqual([]);
  });

  it('cruise every file: rules over no modules would prove nothing', () => {
    expect(cruise.summary.totalCruised).toBeGreaterThanOrEqual(Object.keys(HOUSE).length);
  });
});
