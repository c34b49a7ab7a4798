import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tlsPracticeCertificate, tlsReadCertificate, tlsRequest } from '../../../../core/station/acts/tls-certificate';
import { issueForRehearsal, rehearsalAuthority } from '../../../../core/tls/rehearsal-authority';
import { certificateRequest } from '../../../../core/tls/request';
import { makeServerKey } from '../../../../core/tls/server-key';
import { actRecord, failedRules, STORE_INPUTS, type ActRecord } from '../act-record';
import { value } from '../stage';

/** No public authority signs for a test: of a chain that a practice one signed, this is all there is to say against it. */
const NOT_PUBLIC = 'CER-TLS-CHAIN-COMPLETE';

const HOST = STORE_INPUTS.proxyHost;

let record: ActRecord;
beforeEach(async () => {
  record = await actRecord(STORE_INPUTS);
  expect(failedRules(await record.done('tls.request', tlsRequest))).toEqual([]);
});
afterEach(() => record.remove());

const requestPem = () => readFile(join(record.folder, 'pack', 'artefacts', 'certificate-request.pem'), 'utf8');

/** Puts a chain that a practice authority signed onto the BACK medium. */
async function brought(flaw: 'expired' | 'wrongName' | 'noChain' | null, pem?: string): Promise<void> {
  const now = new Date();
  const authority = await rehearsalAuthority({ now });
  const issued = value(issueForRehearsal(authority, { requestPem: pem ?? (await requestPem()), host: HOST, now, flaw }));
  await writeFile(join(record.media('back'), 'certificate.pem'), issued.chainPem);
}

describe('the certificate that comes back on the medium', () => {
  it('is held against what AWS KMS checks, and a practice authority is none it trusts', async () => {
    await brought(null);
    const read = await record.done('tls.readCertificate', tlsReadCertificate);
    expect(failedRules(read)).toEqual([NOT_PUBLIC]);
    const text = JSON.stringify(value(read).show);
    expect(text).toContain(HOST);
    expect(text).toContain('days left');
  });

  it('fails for another key', async () => {
    const key = await makeServerKey();
    await brought(null, value(certificateRequest({ key: key.pem, host: HOST })).pem);
    expect(failedRules(await record.done('tls.readCertificate', tlsReadCertificate))).toContain('CER-TLS-KEY-FITS');
  });

  it.each([
    ['wrongName', ['CER-TLS-NAME-CN', 'CER-TLS-NAME-SAN']],
    ['expired', ['CER-TLS-VALID-NOW']],
    ['noChain', [NOT_PUBLIC]],
  ] as const)('fails by name where it is %s', async (flaw, rules) => {
    await brought(flaw);
    expect(failedRules(await record.done('tls.readCertificate', tlsReadCertificate))).toEqual(expect.arrayContaining([...rules]));
  });

  it('is asked for by its name where the medium has none, and refused where it is no certificate', async () => {
    expect(await record.done('tls.readCertificate', tlsReadCertificate)).toMatchObject({
      error: { code: 'file.notFound', detail: { file: 'certificate.pem' } },
    });
    await writeFile(join(record.media('back'), 'certificate.pem'), 'no certificate');
    expect(failedRules(await record.done('tls.readCertificate', tlsReadCertificate))).toContain('CER-TLS-CHAIN-READ');
  });
});

describe('the certificate of the practice authority', () => {
  it('passes every check against its own root, and is refused outside a rehearsal', async () => {
    expect(failedRules(await record.done('tls.practiceCertificate', tlsPracticeCertificate))).toEqual([]);
    const context = record.context();
    const production = { ...context, state: { ...context.state, runMode: 'production' as const } };
    expect(await tlsPracticeCertificate(production)).toMatchObject({ error: { code: 'policy.rehearsalOnly' } });
  });

  it('is not made for a request that was changed underneath', async () => {
    const path = join(record.folder, 'pack', 'artefacts', 'certificate-request.pem');
    await writeFile(path, (await requestPem()).replace('\n', '\n\n'));
    expect(await record.done('tls.practiceCertificate', tlsPracticeCertificate)).toMatchObject({
      error: { code: 'file.changedUnderneath' },
    });
    await rm(path);
    expect(await record.done('tls.practiceCertificate', tlsPracticeCertificate)).toMatchObject({
      error: { code: 'file.notFound' },
    });
  });
});
