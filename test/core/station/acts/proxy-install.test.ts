import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, success } from '../../../../core/contract/result';
import { proxyCredential } from '../../../../core/station/acts/proxy-credential';
import { placeIn, preparedPlace, type ProxyPlace } from '../../../../core/station/acts/proxy-place';
import { proxyInstall } from '../../../../core/station/acts/proxy-install';
import { proxyPlan } from '../../../../core/station/acts/proxy-settings';
import { proxyStart } from '../../../../core/station/acts/proxy-start';
import { tlsPracticeCertificate, tlsRequest } from '../../../../core/station/acts/tls-certificate';
import type { StationProxy } from '../../../../core/station/proxy-port';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

let record: ActRecord;
let place: ProxyPlace;
/** where the ceremony makes what is put in place later */
let made: ProxyPlace;
let starts = 0;

beforeEach(async () => {
  let home = '';
  const folder = async () => {
    await mkdir(home, { recursive: true });
    return success(home);
  };
  starts = 0;
  const start = () => {
    starts += 1;
    return Promise.resolve(failure('proxy.portTaken'));
  };
  record = await actRecord(
    { ...STORE_INPUTS, place: 'here' },
    { pin: null, proxy: { folder, start } as unknown as StationProxy },
  );
  home = join(record.folder, 'proxy');
  place = placeIn(home);
  made = preparedPlace(record);
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

  it('are made apart, and touch nothing of a proxy that is there until three people have approved', async () => {
    expect(failedRules(await install())).toEqual([]);
    const files = [place.settings, place.plan, place.tlsKey, place.certificate, place.authority];
    const texts = () => Promise.all(files.map((file) => readFile(file, 'utf8')));
    const [before, secrets] = [await texts(), await readdir(place.secrets)];
    for (const [verb, act] of [
      ['proxy.credential', proxyCredential],
      ['tls.request', tlsRequest],
      ['tls.practiceCertificate', tlsPracticeCertificate],
      ['proxy.plan', proxyPlan],
    ] as const)
      expect(failedRules(await record.done(verb, act))).toEqual([]);
    expect([await texts(), await readdir(place.secrets)]).toEqual([before, secrets]);
    expect(failedRules(await install())).toEqual([]);
    const after = await texts();
    expect(files.filter((_, i) => after[i] === before[i])).toEqual([]);
    const { accessKeyId } = record.context().state.data['proxy.credential'] ?? {};
    expect(await readdir(place.secrets), 'the secret of the one before goes with it').toEqual([accessKeyId]);
  });

  it('fail by name where they are not what the record says, and none of them is put in place', async () => {
    const [id = ''] = await readdir(made.secrets);
    await writeFile(join(made.secrets, id), 'A'.repeat(44));
    await writeFile(made.tlsKey, 'no key');
    await rm(made.certificate);
    expect(await got()).toBe('secrets, tls/key.pem, tls/certificate.pem');
    expect(await readdir(place.folder).catch(() => [])).toEqual([]);
  });

  it('are not written over those that somebody set up by hand', async () => {
    await writeFile(place.settings, '# of a proxy that serves\n');
    expect(await install()).toMatchObject({ error: { code: 'file.exists', detail: { file: 'settings.toml' } } });
    expect(await readFile(place.settings, 'utf8')).toBe('# of a proxy that serves\n');
    expect(await record.done('proxy.credential', proxyCredential)).toMatchObject({ error: { code: 'file.exists' } });
    expect(await readdir(place.folder)).toEqual(['settings.toml']);
  });
});

describe('a start', () => {
  const start = () => record.done('proxy.start', proxyStart);

  it('is by the files that were approved, and none where one of them was changed after it was put in place', async () => {
    await install();
    const [id = ''] = await readdir(place.secrets);
    const secret = join(place.secrets, id);
    for (const path of [place.settings, place.policy, place.plan, place.tlsKey, place.certificate, secret]) {
      const before = await readFile(path, 'utf8');
      await writeFile(path, path === place.plan ? before.replace('"fleetSize": 1', '"fleetSize": 2') : 'x');
      const files = path === secret ? 'secrets' : relative(place.folder, path);
      expect(await start()).toMatchObject({ error: { code: 'proxy.filesChanged', detail: { files } } });
      await writeFile(path, before);
    }
    expect(starts).toBe(0);
    expect(await start()).toMatchObject({ error: { code: 'proxy.portTaken' } });
    expect(starts).toBe(1);
  });
});
