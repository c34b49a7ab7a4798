import { chmod, readdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetPrivately } from '../../../../core/station/acts/private-file';
import { proxyCredential } from '../../../../core/station/acts/proxy-credential';
import { proxyExport } from '../../../../core/station/acts/proxy-export';
import { proxyPlan } from '../../../../core/station/acts/proxy-settings';
import { tlsPracticeCertificate, tlsRequest } from '../../../../core/station/acts/tls-certificate';
import { success } from '../../../../core/contract/result';
import { sha256Bytes } from '../../../../core/pack/sha256';
import { mountTmpfs, mountWorks, unmountAll } from '../../tmpfs';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

let record: ActRecord;
beforeEach(async () => {
  record = await actRecord(STORE_INPUTS);
  expect(failedRules(await record.done('proxy.credential', proxyCredential))).toEqual([]);
  expect(failedRules(await record.done('tls.request', tlsRequest))).toEqual([]);
  expect(failedRules(await record.done('tls.practiceCertificate', tlsPracticeCertificate))).toEqual([]);
  expect(failedRules(await record.done('proxy.plan', proxyPlan))).toEqual([]);
});
afterEach(async () => {
  unmountAll();
  await record.remove();
});

const onMedium = () => join(record.media('out'), 'keyrite-proxy');

async function filesOnMedium(): Promise<readonly string[]> {
  const entries = await readdir(onMedium(), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(onMedium().length + 1))
    .toSorted();
}

describe('the files for the servers', () => {
  it('lie on the medium where the settings look for them, read back, and only their owner can read them', async () => {
    const exported = await record.done('proxy.export', proxyExport);
    expect(failedRules(exported)).toEqual([]);
    const names = await filesOnMedium();
    expect(names).toEqual(
      expect.arrayContaining([
        'README.md',
        'etc/keyrite-proxy/settings.toml',
        'etc/keyrite-proxy/tls/certificate.pem',
        'etc/keyrite-proxy/tls/key.pem',
      ]),
    );
    const [secret] = names.filter((name) => name.startsWith('etc/keyrite-proxy/secrets/'));
    const settings = await readFile(join(onMedium(), 'etc/keyrite-proxy/settings.toml'), 'utf8');
    expect(settings).toContain(`"/${secret ?? 'no secret'}"`);
    for (const name of names) expect((await stat(join(onMedium(), name))).mode & 0o077, name).toBe(0);
  });

  it('are named in the record with their hashes, the two secret ones without', async () => {
    const { data, show } = value(await record.done('proxy.export', proxyExport));
    const files = data['files'] as unknown as readonly { name: string; sha256: string }[];
    const secret = files.filter(({ sha256 }) => sha256 === '').map(({ name }) => name);
    expect(secret.map((name) => name.replace(/[A-Z2-7]{20,30}$/, 'ID'))).toEqual([
      'etc/keyrite-proxy/secrets/ID',
      'etc/keyrite-proxy/tls/key.pem',
    ]);
    for (const { name, sha256 } of files.filter((file) => file.sha256 !== ''))
      expect(sha256Bytes(await readFile(join(onMedium(), name))), name).toBe(sha256);
    const said = JSON.stringify([data, show]);
    for (const name of secret) {
      const text = await readFile(join(onMedium(), name), 'latin1');
      expect(said).not.toContain(text.split('\n').find((line) => line.length >= 40 && !line.startsWith('-')) ?? text);
    }
  });

  it('are taken as they lie there, where a program that died had written all of them', async () => {
    const first = value(await record.done('proxy.export', proxyExport));
    expect(value(await record.done('proxy.export', proxyExport))).toEqual(first);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['with a file cut short', () => truncate(join(onMedium(), 'etc/keyrite-proxy/tls/key.pem'), 10)],
    ['with a file less', () => rm(join(onMedium(), 'README.md'))],
    ['with a file more', () => writeFile(join(onMedium(), 'another'), '')],
    ['with a link', () => rm(join(onMedium(), 'README.md')).then(() => symlink('/etc/hostname', join(onMedium(), 'README.md')))],
  ])('are not written into a folder %s', async (_, spoil) => {
    expect(failedRules(await record.done('proxy.export', proxyExport))).toEqual([]);
    await spoil();
    const before = await filesOnMedium();
    expect(await record.done('proxy.export', proxyExport)).toMatchObject({ error: { code: 'file.outFolder' } });
    expect(await filesOnMedium()).toEqual(before);
  });

  it('are not written beside what is missing', async () => {
    expect(failedRules(await record.done('proxy.export', proxyExport))).toEqual([]);
    await rm(onMedium(), { recursive: true });
    await rm(join(record.privateFolder, 'proxy', 'tls', 'key.pem'));
    expect(await record.done('proxy.export', proxyExport)).toMatchObject({ error: { code: 'file.notFound' } });
    expect(await readdir(record.media('out'))).toEqual([]);
  });

  it('leave nothing behind on the station when the ceremony is sealed', async () => {
    const secrets = join(record.privateFolder, 'proxy', 'secrets');
    expect(await readdir(secrets)).toHaveLength(1);
    value(await forgetPrivately(record.privateFolder));
    expect(await readdir(record.folder)).not.toContain('private');
  });

  it.skipIf(!mountWorks())('leave no secret on a medium that is full: what was begun is taken away', async () => {
    const folder = mountTmpfs('24k');
    const medium = () => Promise.resolve(success(folder));
    expect(await proxyExport({ ...record.context(), medium })).toMatchObject({ error: { code: 'file.diskFull' } });
    expect(await readdir(folder)).toEqual([]);
  });

  it.skipIf(process.geteuid?.() === 0)('are not on a medium that cannot be written', async () => {
    await chmod(record.media('out'), 0o500);
    expect(await record.done('proxy.export', proxyExport)).toMatchObject({ error: { code: 'file.notWritable' } });
    await chmod(record.media('out'), 0o700);
  });

  it.each(['key.pem', 'certificate.pem'])('have the very %s that is in the record', async (name) => {
    const path = join(record.privateFolder, 'proxy', 'tls', name);
    const other = await actRecord(STORE_INPUTS);
    await other.done('tls.request', tlsRequest);
    await other.done('tls.practiceCertificate', tlsPracticeCertificate);
    await writeFile(path, await readFile(join(other.privateFolder, 'proxy', 'tls', name)));
    await other.remove();
    expect(await record.done('proxy.export', proxyExport)).toMatchObject({ error: { code: 'file.changedUnderneath' } });
    expect(await readdir(record.media('out'))).toEqual([]);
  });

  it('have the very credential whose fingerprint is in the record', async () => {
    const secrets = join(record.privateFolder, 'proxy', 'secrets');
    const [id = ''] = await readdir(secrets);
    await writeFile(join(secrets, id), 'A'.repeat(43));
    expect(await record.done('proxy.export', proxyExport)).toMatchObject({ error: { code: 'file.changedUnderneath' } });
    expect(await readdir(record.media('out'))).toEqual([]);
  });
});
