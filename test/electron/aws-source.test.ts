import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AWS_SEATS, DEFAULT_AWS_SETTINGS, type AwsSettings } from '../../core/contract/aws-settings';
import { success } from '../../core/contract/result';
import { REHEARSAL_ACCOUNT } from '../../core/rehearsal/kms/identity';
import { openAwsSource, type AwsSource } from '../../electron/aws-source';

let folder = '';
let settings: AwsSettings = DEFAULT_AWS_SETTINGS;
let source: AwsSource;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-aws-source-'));
  settings = DEFAULT_AWS_SETTINGS;
  source = openAwsSource({
    rehearsalFolder: folder,
    proxyFolder: join(folder, 'proxy'),
    settings: () => settings,
    peoplePolicy: ({ account }) => success(`the people of ${account}`),
  });
});
afterEach(async () => {
  await source.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('the AWS that the settings mean', () => {
  it('is the embedded KMS for a rehearsal, which says of itself that it is one', async () => {
    const identities = await source.identify('rehearsal');
    expect(identities.map(({ seat }) => seat)).toEqual([...AWS_SEATS]);
    for (const { caller, failure } of identities) {
      expect(failure).toBeNull();
      expect(caller).toMatchObject({ account: REHEARSAL_ACCOUNT, region: 'eu-central-1', rehearsal: true });
    }
  });

  it('is never the embedded one in production: an endpoint on this station is refused before anything is sent', async () => {
    settings = { ...DEFAULT_AWS_SETTINGS, endpoint: 'http://127.0.0.1:9' };
    const identities = await source.identify('production');
    expect(identities.map(({ failure }) => failure?.code)).toEqual(AWS_SEATS.map(() => 'aws.rehearsalOnly'));
  });

  it('is what a rehearsal talks to once the settings say so, each seat with its own profile', async () => {
    const profiles = { administrator: 'a', operator: 'b', approver: 'c', user: 'd' };
    settings = { ...DEFAULT_AWS_SETTINGS, rehearsalKms: 'aws', endpoint: 'http://127.0.0.1:9', profiles };
    const identities = await source.identify('rehearsal');
    expect(identities.map(({ profile }) => profile)).toEqual(['a', 'b', 'c', 'd']);
    expect(identities.every(({ caller, failure }) => caller === null && failure?.code.startsWith('aws.'))).toBe(true);
  });

  it('has the embedded KMS’s own key policy for practice, and that of the station’s people everywhere else', async () => {
    const plan = {
      account: REHEARSAL_ACCOUNT,
      spec: 'SYMMETRIC_DEFAULT',
      usage: 'ENCRYPT_DECRYPT',
      wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' },
      replicaRegions: [],
    } as const;
    const ofPeople = { ok: true, value: `the people of ${REHEARSAL_ACCOUNT}` };
    expect(await source.keyPolicy({ ...plan, runMode: 'rehearsal' })).toMatchObject({
      ok: true,
      value: expect.stringContaining('keyrite-separation-of-duties-1') as string,
    });
    expect(await source.keyPolicy({ ...plan, runMode: 'production' })).toEqual(ofPeople);
    settings = { ...DEFAULT_AWS_SETTINGS, rehearsalKms: 'aws' };
    expect(await source.keyPolicy({ ...plan, runMode: 'rehearsal' })).toEqual(ofPeople);
  });
});
