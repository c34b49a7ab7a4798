import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findElectron } from '../../../core/setup/electron-runtime.mjs';
import { checkChain } from '../../../core/tls/check-chain';
import { certificateFolder, hasOpenssl } from '../../proxy/auth/certificates';
import { buildEntries } from '../../softhsm/build-child';

const electron = findElectron();
if (electron === null) console.warn('Skipped: certificates inside Electron. There is no Electron runtime: npx install-electron');

interface Report {
  readonly requestPem: string;
  readonly rootPem: string;
  readonly chainPem: string;
  readonly reports: Readonly<Record<string, readonly string[]>>;
  readonly probe: readonly string[];
  readonly protocol: string;
  readonly probed: readonly string[];
  readonly roots: number;
}

it.skipIf(electron === null || !hasOpenssl)(
  'Electron’s own crypto library makes, judges and probes certificates as Node’s does, and OpenSSL takes what it made',
  async () => {
    const driver = await buildEntries({ electron: 'test/core/tls/electron-driver.ts' });
    const ran = spawnSync(electron ?? '', [driver.path('electron')], {
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      maxBuffer: 1 << 24,
    });
    await driver.remove();
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    const report = JSON.parse(ran.stdout) as Report;
    expect(report).toMatchObject({
      reports: {
        expired: ['TLS-VALID-NOW', 'TLS-DAYS-LEFT'],
        wrongName: ['TLS-NAME-CN', 'TLS-NAME-SAN'],
        noChain: ['TLS-CHAIN-COMPLETE'],
        null: [],
      },
      probe: [],
      probed: [],
      protocol: 'TLSv1.3',
    });
    expect(report.roots).toBeGreaterThan(50);
    const here = { chainPem: report.chainPem, host: 'xks.example.com', roots: [report.rootPem], now: new Date() };
    expect(checkChain(here).checks.filter(({ ok }) => !ok)).toEqual([]);
    const file = join(certificateFolder(), 'request.pem');
    writeFileSync(file, report.requestPem);
    expect(() => execFileSync('openssl', ['req', '-in', file, '-verify', '-noout'], { stdio: 'pipe' })).not.toThrow();
  },
  60_000,
);
