import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { proxyConsoleFile } from '../../../../core/station/acts/proxy-console-file';
import { proxyCredential } from '../../../../core/station/acts/proxy-credential';
import { proxyPlan } from '../../../../core/station/acts/proxy-settings';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

let record: ActRecord;
beforeEach(async () => {
  record = await actRecord(STORE_INPUTS);
  value(await record.done('proxy.credential', proxyCredential));
  value(await record.done('proxy.plan', proxyPlan));
});
afterEach(() => record.remove());

describe('the configuration file for the console', () => {
  it('has path, id and live secret, for this user only; the record has none of the secret', async () => {
    const done = await record.done('proxy.consoleFile', proxyConsoleFile);
    expect(failedRules(done)).toEqual([]);
    const secrets = join(record.privateFolder, 'proxy', 'secrets');
    const [accessKeyId = ''] = await readdir(secrets);
    const secret = await readFile(join(secrets, accessKeyId), 'utf8');
    expect(JSON.parse(await readFile(join(record.privateFolder, 'xks-proxy-configuration.json'), 'utf8'))).toEqual({
      XksProxyUriPath: '/payments/kms/xks/v1',
      XksProxyAuthenticationCredential: { AccessKeyId: accessKeyId, RawSecretAccessKey: secret },
    });
    const { data, show, artefacts } = value(done);
    expect(JSON.stringify([data, show])).not.toContain(secret);
    expect(artefacts).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('takes the place of one that others could read', async () => {
    value(await record.done('proxy.consoleFile', proxyConsoleFile));
    const file = join(record.privateFolder, 'xks-proxy-configuration.json');
    await chmod(file, 0o644);
    expect(failedRules(await record.done('proxy.consoleFile', proxyConsoleFile))).toEqual([]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});
