import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { newCredential } from '../../../core/deployment/credential';
import type { DeploymentPlan } from '../../../core/deployment/plan';
import { policyText } from '../../../core/deployment/policy-text';
import { settingsText } from '../../../core/deployment/settings-text';
import { readSettings } from '../../../proxy/settings/read';
import { loadSecretAccessKey } from '../../../proxy/settings/secrets';
import { checkSurroundings } from '../../../proxy/settings/surroundings';
import { PROFILES_FOLDER } from '../../proxy/settings/ground';
import { chainOf, newGround } from '../tls/ground';
import { planOf } from './plans';

/** What `keyrite proxy --check` looks at, laid out as a set-up lays it out: nothing of it is made for the test by other means. */
async function laidOut() {
  const folder = mkdtempSync(join(tmpdir(), 'keyrite-check-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const at = (name: string): string => join(folder, name);
  const put = (name: string, content: string | Uint8Array, mode = 0o600): string => {
    writeFileSync(at(name), content, { mode });
    chmodSync(at(name), mode);
    return at(name);
  };
  mkdirSync(at('state'), { mode: 0o700 });
  const ground = await newGround(new Date());
  const { accessKeyId, secret } = newCredential();
  const plan: DeploymentPlan = planOf({
    accessKeyId,
    secretAccessKey: { from: 'file', path: put('secret', secret) },
    hsm: {
      profile: 'thales-luna',
      modulePath: put('module.so', 'x', 0o644),
      tokenLabel: 'xks',
      pin: { from: 'credential', name: 'pin' },
    },
    tls: { certificateFile: put('certificate.pem', chainOf(ground, null, new Date())), keyFile: put('key.pem', ground.key) },
    stateFolder: at('state'),
    auditFolder: at('state/audit'),
    authorization: { policyFile: at('policy.cedar'), principals: ['rds.amazonaws.com'], kmsKeyArns: null },
  });
  put('policy.cedar', policyText(plan) ?? '', 0o640);
  put('pin', '1234\n');
  const env = { CREDENTIALS_DIRECTORY: folder };
  const read = await readSettings(put('settings.toml', settingsText(plan), 0o640), { env, profilesFolder: PROFILES_FOLDER });
  if (!read.ok) throw new Error(JSON.stringify(read.remarks));
  return { settings: read.settings, env, secret, put };
}

it.skipIf(process.platform === 'win32')(
  'everything a plan leads to passes the check of the proxy, and the secret is read back as it was made',
  async () => {
    const { settings, env, secret, put } = await laidOut();
    expect(await checkSurroundings(settings, { env, now: new Date() })).toEqual([]);
    const source = settings.keyStores[0]!.credentials[0]!.secret;
    const loaded = await loadSecretAccessKey(source, 'production', { env, supervisor: null });
    expect(loaded).toEqual({ ok: true, value: Buffer.from(secret).toString('latin1') });
    // The check can fail: another key beside the certificate.
    put('key.pem', (await newGround()).key);
    const remarks = await checkSurroundings(settings, { env, now: new Date() });
    expect(remarks.map(({ problem }) => problem)).toEqual(['The private key does not belong to the certificate']);
  },
);
