import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { alarmsTemplate } from '../../../core/deployment/alarms-template';
import { consoleFile } from '../../../core/deployment/console-file';
import { newCredential } from '../../../core/deployment/credential';
import type { DeploymentPlan } from '../../../core/deployment/plan';
import { serverFiles, type ServerFile } from '../../../core/deployment/server-files';
import { read } from '../../proxy/settings/ground';
import { planOf } from './plans';

const TEMPLATES = resolve(import.meta.dirname, '../../../resources/templates');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

async function filesOf(differs: Partial<DeploymentPlan> = {}): Promise<readonly ServerFile[]> {
  const files = await serverFiles(planOf(differs), TEMPLATES);
  if (!files.ok) throw new Error(JSON.stringify(files.error));
  return files.value;
}

const textOf = (files: readonly ServerFile[], path: string): string => files.find((file) => file.path === path)?.text ?? '';
const DROP_IN = 'etc/systemd/system/keyrite-proxy.service.d/plan.conf';

/** The lists a unit ends up with: an empty value takes back what was said before. */
function valuesOf(key: string, ...texts: readonly string[]): readonly string[] {
  const values: string[] = [];
  for (const [, value = ''] of texts.join('\n').matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))) {
    if (value === '') values.length = 0;
    else values.push(value);
  }
  return values;
}

const HIGH_PORTS: Partial<DeploymentPlan> = {
  listen: { ip: '10.0.0.5', port: 8443 },
  metricsPort: null,
  stateFolder: '/srv/keyrite/state',
  auditFolder: '/srv/keyrite-audit',
  secretAccessKey: { from: 'credential', name: 'sigv4' },
};

describe('the files for a server', () => {
  it('are settings, their plan, unit, drop-in and README, and the policy where there is one', async () => {
    const authorization = { policyFile: '/etc/keyrite-proxy/policy.cedar', principals: ['rds.amazonaws.com'], kmsKeyArns: null };
    expect((await filesOf()).map(({ path }) => path)).toEqual([
      'README.md',
      'etc/keyrite-proxy/settings.toml',
      'etc/keyrite-proxy/plan.json',
      'etc/systemd/system/keyrite-proxy.service',
      DROP_IN,
    ]);
    expect(textOf(await filesOf({ authorization }), 'etc/keyrite-proxy/policy.cedar')).toContain('rds.amazonaws.com');
  });

  it('have settings that the proxy takes, at the place the unit names', async () => {
    const files = await filesOf();
    expect(await read(textOf(files, 'etc/keyrite-proxy/settings.toml'))).toMatchObject({ ok: true, remarks: [] });
    expect(textOf(files, 'etc/systemd/system/keyrite-proxy.service')).toContain('--config /etc/keyrite-proxy/settings.toml');
  });

  it('let the unit listen where the settings say, and hand over what they name', async () => {
    for (const [differs, ports, credentials, writable] of [
      [{}, ['tcp:443', 'tcp:9464'], ['pin:/etc/keyrite-proxy/pin'], []],
      [
        HIGH_PORTS,
        ['tcp:8443'],
        ['pin:/etc/keyrite-proxy/pin', 'sigv4:/etc/keyrite-proxy/sigv4'],
        ['/srv/keyrite/state', '/srv/keyrite-audit'],
      ],
    ] as const) {
      const files = await filesOf(differs);
      const texts = [textOf(files, 'etc/systemd/system/keyrite-proxy.service'), textOf(files, DROP_IN)];
      expect(valuesOf('SocketBindAllow', ...texts)).toEqual(ports);
      expect(valuesOf('LoadCredential', ...texts)).toEqual(credentials);
      expect(valuesOf('ReadWritePaths', ...texts)).toEqual(writable);
      expect(valuesOf('CapabilityBoundingSet', ...texts)).toEqual(
        ports.includes('tcp:443' as never) ? ['CAP_NET_BIND_SERVICE'] : [],
      );
    }
  });

  it.runIf(hasSystemd).each([
    ['as it is', {}],
    ['with high ports and folders of its own', HIGH_PORTS],
  ])('are taken by systemd %s, and rated as hardened', async (_what, differs) => {
    const folder = mkdtempSync(join(tmpdir(), 'keyrite-server-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const { path, text } of await filesOf(differs)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text.replace('/usr/bin/node', process.execPath));
    }
    const unit = join(folder, 'etc/systemd/system/keyrite-proxy.service');
    expect(spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    const rating = spawnSync('systemd-analyze', ['security', '--offline=true', '--threshold=20', unit]);
    expect(rating.status).toBe(0);
  });

  it('are refused for places that mean something to a shell, to systemd or to Markdown', async () => {
    for (const path of [
      '/var/lib/$(id)',
      '/var/%n',
      '/var/lib/a b',
      '/var/`id`',
      String.raw`C:\keyrite`,
      '/var/../etc',
      '/var/lib/',
    ])
      expect([path, await serverFiles(planOf({ stateFolder: path }), TEMPLATES)]).toMatchObject([path, { ok: false }]);
  });

  it('are refused where a secret would come from a supervisor, which a service has not', async () => {
    const hsm = { ...planOf().hsm, pin: { from: 'supervisor' } } as const;
    for (const differs of [{ hsm }, { secretAccessKey: { from: 'supervisor' } }] as const)
      expect(await serverFiles(planOf(differs), TEMPLATES)).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
  });

  it('tell in the README every step with the names of the plan', async () => {
    const readme = textOf(await filesOf(HIGH_PORTS), 'README.md');
    for (const said of [
      '/production/blue/kms/xks/v1',
      'proxy-test --url https://xks.example.com --prefix /production/blue --credential-file FILE --key payments-2026 --region eu-central-1',
      'install -d -m 0700 -o keyrite-proxy -g keyrite-proxy /srv/keyrite-audit',
      '-p LoadCredential=pin:/etc/keyrite-proxy/pin -p LoadCredential=sigv4:/etc/keyrite-proxy/sigv4',
      '`keyrite-health`',
    ])
      expect(readme).toContain(said);
  });

  it('tell in the README as whom to try a proxy whose policy refuses strangers', async () => {
    const role = 'arn:aws:iam::111122223333:role/payments';
    const allowing = (principals: readonly string[]) =>
      planOf({
        authorization: { policyFile: '/etc/keyrite-proxy/policy.cedar', principals: [...principals], kmsKeyArns: null },
      });
    expect(textOf(await filesOf(allowing(['ec2.amazonaws.com', role])), 'README.md')).toContain(`--caller '${role}'`);
    expect(
      textOf(await filesOf(allowing([`${role}-*`.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')])), 'README.md'),
    ).not.toContain('--caller');
    expect(textOf(await filesOf(planOf()), 'README.md')).not.toContain('--caller');
  });
});

describe('a secret', () => {
  it('is in the file for the console and in no other text that a plan becomes', async () => {
    const { accessKeyId, secret } = newCredential();
    const text = Buffer.from(secret).toString('latin1');
    const plan = planOf({ accessKeyId });
    const file = consoleFile(plan, secret);
    expect(file.ok && Buffer.from(file.value).toString('latin1')).toContain(text);
    const alarms = alarmsTemplate({
      storeId: 'cks-1234567890abcdef0',
      storeName: plan.keyStoreName,
      certificateName: plan.endpointHost,
      rotateCredentialDays: 90,
    });
    const rendered = [
      ...(await filesOf({ accessKeyId })).map((each) => each.text),
      alarms.ok ? alarms.value : '',
      JSON.stringify(plan),
    ];
    for (const each of rendered) {
      expect(each).not.toContain(text);
      // Nor does any of them name a key by which the settings would take a secret in clear text.
      expect(each).not.toMatch(/user_pin|sigv4_secret_access_key|BEGIN (RSA )?PRIVATE KEY/);
    }
  });
});
