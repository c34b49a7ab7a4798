import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { success } from '../../../../core/contract/result';
import { proxyCredential } from '../../../../core/station/acts/proxy-credential';
import { placeIn, type ProxyPlace } from '../../../../core/station/acts/proxy-place';
import { proxyInstall, proxyPlan } from '../../../../core/station/acts/proxy-settings';
import { tlsPracticeCertificate, tlsRequest } from '../../../../core/station/acts/tls-certificate';
import type { StationProxy } from '../../../../core/station/proxy-port';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

let record: ActRecord;
let place: ProxyPlace;
beforeEach(async () => {
  let home = '';
  const folder = async () => {
    await mkdir(home, { recursive: true });
    return success(home);
  };
  record = await actRecord({ ...STORE_INPUTS, place: 'here' }, { proxy: { folder } as unknown as StationProxy });
  home = join(record.folder, 'proxy');
  place = placeIn(home);
  expect(failedRules(await record.done('proxy.credential', proxyCredential))).toEqual([]);
  expect(failedRules(await record.done('tls.request', tlsRequest))).toEqual([]);
  expect(failedRules(await record.done('tls.practiceCertificate', tlsPracticeCertificate))).toEqual([]);
  expect(failedRules(await record.done('proxy.plan', proxyPlan))).toEqual([]);
});
afterEach(() => record.remove());

const install = () => record.done('proxy.install', proxyInstall);
const got = async () => value(await install()).checks[0]?.got;

describe('the files of a proxy here', () => {
  it('are put in place, and once more after the program died in the middle', async () => {
    expect(failedRules(await install())).toEqual([]);
    expect(await readFile(place.settings, 'utf8')).toContain('access_key_id');
    await rm(join(place.folder, 'plan.json'));
    expect(failedRules(await install())).toEqual([]);
  });

  it('fail by name where they are not what the record says', async () => {
    const [id = ''] = await readdir(place.secrets);
    await writeFile(join(place.secrets, id), 'A'.repeat(44));
    await writeFile(place.tlsKey, 'no key');
    await rm(place.certificate);
    expect(await got()).toBe('secrets, tls/key.pem, tls/certificate.pem');
  });

  it('are not written over those that somebody set up by hand', async () => {
    await writeFile(place.settings, '# of a proxy that serves\n');
    expect(await install()).toMatchObject({ error: { code: 'file.exists', detail: { file: 'settings.toml' } } });
    expect(await readFile(place.settings, 'utf8')).toBe('# of a proxy that serves\n');
    const before = await readdir(place.secrets);
    expect(await record.done('proxy.credential', proxyCredential)).toMatchObject({ error: { code: 'file.exists' } });
    expect(await readdir(place.secrets)).toEqual(before);
  });
});
