import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openClients } from '../../../core/kms/clients';
import { commandOf } from '../../../core/kms/commands';
import { readEndpoint } from '../../../core/kms/endpoint';
import { identify } from '../../../core/kms/identify';
import { openKms, type KmsOptions } from '../../../core/kms/open';
import { openSender } from '../../../core/kms/sender';
import {
  callerIdentity,
  CREDENTIALS,
  endAll,
  json,
  KEY_ID,
  quickRim,
  refuse,
  REGION,
  rehearsal,
  standIn,
  TIMEOUT_MS,
} from './stand-in';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-kms-'));
  // Nothing of this machine's own AWS set-up may decide here.
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  endAll();
  rmSync(folder, { recursive: true });
});

const OPTIONS: KmsOptions = {
  region: REGION,
  endpoint: '',
  profile: '',
  credentials: CREDENTIALS,
  runMode: 'production',
  timeoutMs: TIMEOUT_MS,
};

describe('an endpoint', () => {
  it.each([
    ['eu-central-1', 'https://kms.eu-central-1.amazonaws.com'],
    ['us-gov-west-1', 'https://kms-fips.us-gov-west-1.amazonaws.com'],
    ['eu-west-1', 'https://vpce-0123-abcd.kms.eu-west-1.vpce.amazonaws.com'],
    ['eu-west-1', 'https://vpce-0123-abcd-eu-west-1a.kms.eu-west-1.vpce.amazonaws.com'],
    ['cn-north-1', 'https://kms.cn-north-1.amazonaws.com.cn'],
    ['eusc-de-east-1', 'https://kms.eusc-de-east-1.amazonaws.eu'],
    ['eu-central-1', 'https://kms.eu-central-1.api.aws/'],
  ])('of KMS itself in %s may be spoken to in production: %s', (region, endpoint) => {
    expect(openKms({ ...OPTIONS, region, endpoint }).ok).toBe(true);
  });

  it('of another Region is refused', () => {
    const endpoint = 'https://kms.eu-west-1.amazonaws.com';
    expect(openKms({ ...OPTIONS, endpoint })).toEqual({
      ok: false,
      error: {
        code: 'input.invalid',
        detail: { field: 'endpoint', problem: 'it is a host of KMS in eu-west-1, not in eu-central-1' },
      },
    });
    expect(readEndpoint(endpoint, 'production').ok).toBe(true);
  });

  it.each([
    'http://127.0.0.1:4000',
    'http://localhost:4566',
    'http://[::1]:4566',
    'https://127.0.0.1',
    'https://kms.example.com',
    'https://amazonaws.com.example.com',
    'https://evilamazonaws.com',
    'https://amazonaws.com',
    'https://kms.eu-central-1.evilamazonaws.com',
    'https://kms.eu-central-1.s3.amazonaws.com',
    'https://abcdef.execute-api.eu-central-1.amazonaws.com',
    'https://kms.eu-central-1.elb.amazonaws.com',
    'https://x.kms.eu-central-1.amazonaws.com',
    'https://vpce-1-2.vpce-svc-3.eu-central-1.vpce.amazonaws.com',
  ])('of anybody else is for rehearsals only: %s', (endpoint) => {
    expect(openKms({ ...OPTIONS, endpoint })).toMatchObject({ ok: false, error: { code: 'aws.rehearsalOnly' } });
    expect(openKms({ ...OPTIONS, endpoint, runMode: 'rehearsal' }).ok).toBe(true);
  });

  it.each(['http://kms.eu-central-1.amazonaws.com', 'http://10.0.0.1:4000'])(
    'is never asked in the clear over a network: %s',
    (endpoint) => {
      for (const runMode of ['production', 'rehearsal'] as const)
        expect(openKms({ ...OPTIONS, endpoint, runMode })).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    },
  );

  it.each([
    'kms.eu-central-1.amazonaws.com',
    'ftp://x',
    'https://u:p@kms.eu-central-1.amazonaws.com',
    'https://x.amazonaws.com/path',
    'https://x.amazonaws.com/?q',
  ])('that is none is refused with what is wrong: %s', (endpoint) => {
    expect(openKms({ ...OPTIONS, endpoint })).toMatchObject({
      ok: false,
      error: { code: 'input.invalid', detail: { field: 'endpoint' } },
    });
  });

  it.each(['', 'Frankfurt', 'eu-central', 'eu-central-1.amazonaws.com', 'eu-central-1\n', '../eu-central-1'])(
    'needs a Region: "%s"',
    (region) => {
      expect(openKms({ ...OPTIONS, region })).toMatchObject({
        ok: false,
        error: { code: 'input.invalid', detail: { field: 'region' } },
      });
    },
  );
});

/** Where requests of these clients would go; nothing goes there. */
async function destinations(endpoint: string): Promise<{ kms: string; sts: string }> {
  const read = readEndpoint(endpoint, 'production');
  if (!read.ok) throw new Error(read.error.code);
  const { kms, sts } = openClients({ ...OPTIONS, endpoint: read.value });
  const seen: string[] = [];
  const recorder = {
    handle: async ({ protocol, hostname }: { protocol: string; hostname: string }) => {
      seen.push(`${protocol}//${hostname}`);
      throw new Error('not sent');
    },
  };
  for (const client of [kms, sts]) Object.assign(client.config, { requestHandler: recorder });
  const rim = quickRim();
  const wanted = { runMode: 'production', isAws: true } as const;
  const never = (sending: Promise<unknown>) => sending.catch(() => null);
  await never(
    openSender(kms, wanted, rim).send('EnableKey', () => commandOf({ operation: 'EnableKey', input: { KeyId: KEY_ID } })),
  );
  await never(identify(openSender(sts, wanted, rim), { region: REGION, endpoint: '', runMode: 'production' }, rim));
  return { kms: seen[0] ?? '', sts: seen[1] ?? '' };
}

describe('the way of a request', () => {
  const OWN = { kms: 'https://kms.eu-central-1.amazonaws.com', sts: 'https://sts.eu-central-1.amazonaws.com' };

  it('leads to AWS’s own hosts of the Region', async () => {
    expect(await destinations('')).toEqual(OWN);
  });

  it('is not turned aside by AWS_ENDPOINT_URL or a profile', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://localhost:4566');
    vi.stubEnv('AWS_ENDPOINT_URL_KMS', 'http://localhost:4567');
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://localhost:4568');
    writeFileSync(join(folder, 'config'), '[default]\nendpoint_url = http://localhost:4569\n');
    expect(await destinations('')).toEqual(OWN);
  });

  it('leads to another host of AWS for KMS alone', async () => {
    const fips = 'https://kms-fips.eu-central-1.amazonaws.com';
    expect(await destinations(fips)).toEqual({ ...OWN, kms: fips });
  });
});

describe('who is calling', () => {
  it('is told with Region and endpoint, and that it is a rehearsal', async () => {
    const { url } = await standIn(() => undefined);
    expect(await rehearsal(url).identify()).toMatchObject({
      ok: true,
      value: {
        value: {
          account: '000000000000',
          arn: 'arn:aws:iam::000000000000:user/operator',
          userId: 'AIDAEXAMPLE',
          region: REGION,
          endpoint: url,
          rehearsal: true,
        },
      },
    });
  });

  const production = { region: REGION, endpoint: '', runMode: 'production' } as const;

  /** Production over a stand-in: what no options can make, for openKms refuses it first. */
  async function inProduction(account: string, extra: Record<string, string>, url?: string) {
    const server =
      url ??
      (
        await standIn(
          () => undefined,
          (_, response) => {
            response.removeHeader('x-keyrite-rehearsal');
            callerIdentity(response, account, extra);
          },
        )
      ).url;
    const { sts } = openClients({ ...OPTIONS, endpoint: { url: server, isAws: false } });
    const rim = quickRim();
    return identify(openSender(sts, { runMode: 'production', isAws: true }, rim), production, rim);
  }

  it('is refused in production when the answer carries the mark of a rehearsal', async () => {
    expect(await inProduction('123456789012', {})).toMatchObject({ ok: false, error: { code: 'aws.rehearsalOnly' } });
  });

  async function unmarked(account: string, date = new Date().toUTCString()) {
    const body = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::${account}:user/x</Arn><UserId>A</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    const { url } = await standIn(
      () => undefined,
      (_, response) => response.writeHead(200, { 'content-type': 'text/xml', date }).end(body),
    );
    return inProduction(account, {}, url);
  }

  it('is refused in production when the account is that of a rehearsal', async () => {
    expect(await unmarked('000000000000')).toMatchObject({ ok: false, error: { code: 'aws.rehearsalOnly' } });
    expect(await unmarked('123456789012')).toMatchObject({
      ok: true,
      value: { value: { account: '123456789012', rehearsal: false } },
    });
  });

  it('is refused when the clock of the station is wrong, in either direction, and says by how much', async () => {
    const minutes = (n: number): string => new Date(Date.now() + n * 60_000).toUTCString();
    for (const [n, words] of [
      [6, /36\d s behind that of AWS|359 s behind that of AWS/],
      [-6, /36\d s ahead of that of AWS/],
    ] as const) {
      const answer = await unmarked('123456789012', minutes(n));
      expect(answer).toMatchObject({ ok: false, error: { code: 'aws.clockSkew' } });
      expect(answer.ok ? '' : answer.error.detail['message']).toMatch(words);
    }
    expect((await unmarked('123456789012', minutes(4))).ok).toBe(true);
  });

  it('may be at another time in a rehearsal, whose clock is moved on purpose', async () => {
    const date = new Date(Date.now() + 86_400_000).toUTCString();
    const { url } = await standIn(
      () => undefined,
      (_, response) => callerIdentity(response, '000000000000', { date }),
    );
    expect((await rehearsal(url).identify()).ok).toBe(true);
  });

  it('signs by the clock of this station, never by one that an answer corrected', async () => {
    const date = new Date(Date.now() + 3_600_000).toUTCString();
    const { url, asked } = await standIn((_, response) =>
      json(response, { __type: 'InvalidSignatureException', message: 'x' }, 403, { date }),
    );
    const kms = rehearsal(url);
    await kms.enableKey(KEY_ID);
    await kms.enableKey(KEY_ID);
    const [, first, second] = asked.map(({ headers }) => String(headers['x-amz-date']));
    for (const signed of [first, second]) {
      const iso = String(signed).replace(/^(....)(..)(..)T(..)(..)/, '$1-$2-$3T$4:$5:');
      expect(Math.abs(Date.parse(iso) - Date.now())).toBeLessThan(60_000);
    }
  });
});

describe('credentials', () => {
  const keyIdOf = (headers: { authorization?: string | undefined }): string =>
    /Credential=(\w+)\//.exec(headers.authorization ?? '')?.[1] ?? '';

  async function signedBy(options: Partial<KmsOptions>): Promise<string> {
    const { url, asked } = await standIn((_, response) => json(response, {}));
    const answer = await rehearsal(url, quickRim(), { credentials: null, ...options }).identify();
    return answer.ok ? keyIdOf(asked[0]!.headers) : answer.error.code;
  }

  it('are those given, then the profile’s, then the environment’s', async () => {
    writeFileSync(join(folder, 'credentials'), '[auditor]\naws_access_key_id = AKIAOFPROFILE\naws_secret_access_key = s\n');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAOFENVIRONMENT');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(await signedBy({ credentials: CREDENTIALS, profile: 'auditor' })).toBe(CREDENTIALS.accessKeyId);
    expect(await signedBy({ profile: 'auditor' })).toBe('AKIAOFPROFILE');
    expect(await signedBy({})).toBe('AKIAOFENVIRONMENT');
    expect(warn).not.toHaveBeenCalled();
  });

  it.each([{}, { profile: 'nobody' }])('that are not there are told, and nothing is sent: %o', async (options) => {
    const { url, asked } = await standIn((_, response) => json(response, {}));
    const answer = await rehearsal(url, quickRim(), { credentials: null, ...options }).identify();
    expect(answer).toMatchObject({
      ok: false,
      error: { code: 'aws.noCredentials', detail: { name: 'CredentialsProviderError', status: 0 } },
    });
    expect(asked).toEqual([]);
  });

  it('of a process that fails are told without its output', async () => {
    writeFileSync(join(folder, 'config'), '[profile vault]\ncredential_process = sh -c "echo leaked-secret; exit 3"\n');
    const { url } = await standIn((_, response) => json(response, {}));
    const answer = await rehearsal(url, quickRim(), { credentials: null, profile: 'vault' }).identify();
    expect(answer).toMatchObject({ ok: false, error: { code: 'aws.noCredentials' } });
    expect(JSON.stringify(answer)).not.toContain('leaked-secret; exit');
  });

  it('are in nothing that is shown, said or answered', async () => {
    const said: unknown[] = [];
    for (const name of ['log', 'warn', 'error', 'info', 'debug', 'trace'] as const)
      vi.spyOn(console, name).mockImplementation((...words) => void said.push(words));
    const secrets = [CREDENTIALS.secretAccessKey, CREDENTIALS.sessionToken];
    const { url } = await standIn((_, response, nth) => {
      if (nth === 1) return refuse(response, 'InvalidSignatureException', `token ${CREDENTIALS.sessionToken}`, 403);
      if (nth === 2) return response.destroy();
      response.writeHead(502, { 'content-type': 'text/html', 'x-keyrite-rehearsal': '1' }).end(CREDENTIALS.sessionToken);
    });
    const kms = rehearsal(url);
    const answers = [await kms.identify(), await kms.enableKey(KEY_ID), await kms.enableKey(KEY_ID), await kms.enableKey(KEY_ID)];
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.error.code))).toEqual([
      'ok',
      'aws.noCredentials',
      'aws.noAnswer',
      'aws.unknown',
    ]);
    const shown = [
      inspect(kms, { depth: 20, showHidden: true }),
      inspect(answers, { depth: 20, showHidden: true }),
      inspect(said, { depth: 20 }),
    ].join();
    for (const secret of secrets) expect(shown).not.toContain(secret);
    // It was there to be shown: AWS's own words had it.
    expect(shown).toContain('token ***');
    expect(said).toEqual([]);
  });
});
