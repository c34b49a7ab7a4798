import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyView, ExceptionView } from '../../core/ceremony/view-model';
import { CONNECTION_ERRORS, type ConnectionErrorCode } from '../../core/contract/connection-errors';
import { ERROR_TEXTS } from '../../core/contract/error-texts';
import type { ErrorCode } from '../../core/contract/errors';
import { verifyPack } from '../../core/pack/verify';
import type { FaultKind } from '../../core/rehearsal/kms/faults';
import { CEREMONY_TAG } from '../../core/station/acts/kms-plan';
import type { Station } from '../../core/station/port';
import { childrenWith } from './children';
import { hasSoftHsm, must } from './ground';
import { oneStation } from './one-xks-station';
import { isNext, practicePin, STORE, type XksHands, type XksStation } from './xks-station';

/** What CreateCustomKeyStore can refuse with (KMS API Reference), and the code each has with us. */
const REFUSALS = {
  CustomKeyStoreNameInUseException: 'aws.storeNameInUse',
  XksProxyIncorrectAuthenticationCredentialException: 'aws.proxyCredential',
  XksProxyInvalidConfigurationException: 'aws.proxyConfiguration',
  XksProxyInvalidResponseException: 'aws.proxyResponse',
  XksProxyUriEndpointInUseException: 'aws.proxyEndpointInUse',
  XksProxyUriInUseException: 'aws.proxyUriInUse',
  XksProxyUriUnreachableException: 'aws.proxyUnreachable',
  XksProxyVpcEndpointServiceInUseException: 'aws.endpointServiceInUse',
  XksProxyVpcEndpointServiceInvalidConfigurationException: 'aws.endpointServiceInvalid',
  XksProxyVpcEndpointServiceNotFoundException: 'aws.endpointServiceNotFound',
} as const satisfies Readonly<Record<string, ErrorCode>>;

let one: XksStation;
oneStation((station) => (one = station));

const openOnes = ({ exceptions }: CeremonyView): readonly ExceptionView[] =>
  exceptions.filter(({ decision }) => decision === null);
const isCalled = (view: CeremonyView): boolean => openOnes(view).length > 0;
const isFound = ({ recovery }: CeremonyView): boolean => recovery !== null && recovery.hits !== null;
const repeat: XksHands = { decide: () => 'repeat' };

async function fail(operation: string, kind: FaultKind): Promise<void> {
  must(await one.aws.running()).fail({ operation, times: 1, kind });
}

/** Plays on until an exception is called, and says what happened. */
async function called(station: Station): Promise<string> {
  const view = must(await one.playUntil(station, isCalled));
  return openOnes(view)[0]?.happened ?? '';
}

/** Two people decide to do the step once more, and it is played to where this act is due again. */
async function again(station: Station, verb: string): Promise<void> {
  must(await one.playUntil(station, isNext(verb), repeat));
}

/** Texts of everything that is shown at the current step. */
const shown = ({ step }: CeremonyView): string => JSON.stringify(step?.show.blocks ?? []);

const settings = () => join(one.proxyFolder, 'settings.toml');

async function inSettings(from: string | RegExp, to: string): Promise<() => Promise<void>> {
  const before = await readFile(settings(), 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  await writeFile(settings(), after, { mode: 0o600 });
  return () => writeFile(settings(), before, { mode: 0o600 });
}

const tokenChildren = (): readonly number[] => childrenWith('token-child');

async function auditText(): Promise<string> {
  const folder = join(one.proxyFolder, 'audit');
  const files = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  return (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

describe.skipIf(!hasSoftHsm)('the set-up of a key store in which everything goes wrong once', { timeout: 180_000 }, () => {
  let station: Station;
  let ceremonyId: string;

  beforeAll(async () => {
    station = one.open();
    ({ ceremonyId } = must(await one.start(station, 'xks-store')));
    must(await one.playUntil(station, isNext('token.readBack')));
  }, 60_000);

  it.skipIf(process.platform !== 'linux')(
    'goes on where the process that holds the token was killed: the token is opened anew and asks for its PIN',
    async () => {
      const [pid = 0, ...more] = tokenChildren();
      expect(more).toEqual([]);
      process.kill(pid, 'SIGKILL');
      await expect.poll(() => station.current()?.alarms.length).toBe(1);
      must(await one.playUntil(station, isNext('proxy.install')));
      expect(tokenChildren()).not.toContain(pid);
      expect(station.current()?.exceptions).toEqual([]);
    },
  );

  it('is told which folder the disk does not give', async () => {
    const audit = join(one.proxyFolder, 'audit');
    must(await one.playUntil(station, isNext('proxy.install')));
    await writeFile(audit, 'in the way');
    expect(await called(station)).toMatch(/^file\.exists, .*proxy/);
    await rm(audit);
    await again(station, 'proxy.install');
  });

  it('a wrong PIN is a slip, tried once; the right one is taken afterwards', async () => {
    must(await one.playUntil(station, isNext('proxy.start')));
    const before = station.current()?.exceptions.length;
    const wrong = await one.play(station, { userPin: '00000000' });
    expect(wrong).toMatchObject({ ok: false, error: { code: 'proxy.loginRefused' } });
    expect(station.current()?.exceptions.length).toBe(before);
    expect((await auditText()).match(/hsm\.loginRefused/g)).toHaveLength(1);
    expect(await readFile(join(one.proxyFolder, 'process.log'), 'utf8')).not.toContain('00000000');
  });

  it('is told that the settings are not the approved ones, that the port is taken, and that the token is missing', async () => {
    const mend = await inSettings(/token_label = ".*"/, 'token_label = "another"');
    expect(await called(station)).toBe('proxy.filesChanged, files settings.toml');
    await mend();
    await again(station, 'proxy.start');
    const port = Number(/^port = (\d+)$/m.exec(await readFile(settings(), 'utf8'))?.[1]);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    expect(await called(station)).toMatch(/^proxy\.portTaken/);
    await new Promise((resolve) => other.close(resolve));
    await again(station, 'proxy.start');
    const tokens = join(one.home, 'softhsm', 'tokens');
    await rename(tokens, `${tokens}-away`);
    await mkdir(tokens);
    expect(await called(station)).toMatch(/^proxy\.noSession/);
    await rmdir(tokens);
    await rename(`${tokens}-away`, tokens);
    await again(station, 'proxy.start');
  });

  it('goes on where the system kills the proxy before the self-test: its supervisor brings it back, and nobody is asked', async () => {
    must(await one.playUntil(station, isNext('proxy.selfTest')));
    const before = station.current()?.exceptions.length;
    const { pid } = must(await one.proxy.ask({ verb: 'status' }));
    process.kill(pid, 'SIGKILL');
    must(await one.playUntil(station, isNext('proxy.latency')));
    expect(station.current()?.exceptions.length).toBe(before);
    expect(must(await one.proxy.ask({ verb: 'status' })).pid).not.toBe(pid);
  });

  it('a caller who is not refused fails the check by name, and is refused under the approved policy', async () => {
    must(await one.playUntil(station, isNext('proxy.refuseCaller')));
    const mend = await inSettings(/\[authorization\][\s\S]*$/, '');
    const act = { who: 'a test', why: 'no policy' };
    must(await one.proxy.ask({ verb: 'reload', act }));
    expect(await called(station)).toMatch(/^CER-XKS-REFUSED: 200/);
    await mend();
    must(await one.proxy.ask({ verb: 'reload', act }));
    await again(station, 'proxy.refuseCaller');
    must(await one.playUntil(station, isNext('aws.createStore')));
  });

  it.each(Object.entries(REFUSALS))('CreateCustomKeyStore refused with %s is told as %s, and repeated', async (name, code) => {
    await fail('CreateCustomKeyStore', { error: { name, message: 'no', status: 400 } });
    const happened = await called(station);
    expect(happened.split(', ')[0]).toBe(code);
    const form = station.current()?.step?.do.form;
    expect(form).toMatchObject({ kind: 'act', verb: 'aws.createStore', error: { code } });
    const { what, means, do: remedy } = ERROR_TEXTS[code];
    expect(new Set([what, means, remedy, ...Object.values(ERROR_TEXTS['aws.unknown'])]).size).toBe(6);
    expect(await one.store()).toBeNull();
    await again(station, 'aws.createStore');
  });

  it('a store whose answer was lost is looked for by two people, made once and adopted', async () => {
    await fail('CreateCustomKeyStore', { lostRequest: true });
    const undone = must(await one.playUntil(station, isFound));
    expect(undone.recovery).toMatchObject({ operation: 'aws.createStore', hits: 0, choices: ['redo', 'stop'] });
    must(await one.playUntil(station, isNext('aws.createStore')));
    await fail('CreateCustomKeyStore', { lostAnswer: true });
    const done = must(await one.playUntil(station, isFound));
    expect(done.recovery).toMatchObject({ operation: 'aws.createStore', hits: 1, choices: ['adopt', 'stop'] });
    must(await one.playUntil(station, isNext('aws.connectStore')));
    expect(must(await (await one.kms()).keyStores()).value).toMatchObject([{ name: STORE, connectionState: 'DISCONNECTED' }]);
  });

  it('without its proxy it does not connect at all, but asks for the PIN, and goes on when it was given', async () => {
    must(await one.proxy.stop());
    const before = station.current()?.exceptions.length;
    expect(await one.play(station)).toMatchObject({ ok: false, error: { code: 'proxy.pinNeeded' } });
    expect(station.current()?.exceptions.length).toBe(before);
    expect(await one.store()).toMatchObject({ connectionState: 'DISCONNECTED' });
    must(await one.proxy.start(practicePin()));
  });

  it.each(Object.keys(CONNECTION_ERRORS) as ConnectionErrorCode[])(
    'a connection that fails with %s shows cause, place and remedy',
    async (connectionError) => {
      await fail('ConnectCustomKeyStore', { connectionError });
      expect(await called(station)).toBe(`CER-STORE-CONNECTED: FAILED, ${connectionError}`);
      const view = station.current();
      const { cause, lookHere, remedy } = CONNECTION_ERRORS[connectionError];
      const text = view === null ? '' : shown(view);
      for (const sentence of [connectionError, cause, lookHere, remedy])
        expect(text).toContain(JSON.stringify(sentence).slice(1, -1));
      expect(await one.store()).toMatchObject({ connectionState: 'FAILED', connectionErrorCode: connectionError });
      await again(station, 'aws.connectStore');
    },
  );

  it('connects when the step is repeated, and makes one KMS key, not taking a stranger’s with its tag', async () => {
    must(await one.playUntil(station, isNext('aws.createStoreKey')));
    expect(await one.store()).toMatchObject({ connectionState: 'CONNECTED' });
    const kms = await one.kms();
    const foreign = {
      bypassPolicyLockoutSafetyCheck: false,
      policy: null,
      description: 'not yours',
      multiRegion: false,
    } as const;
    const tags = [{ key: CEREMONY_TAG, value: ceremonyId }];
    must(await kms.createKey({ ...foreign, tags, spec: 'SYMMETRIC_DEFAULT', usage: 'ENCRYPT_DECRYPT' }));
    await fail('CreateKey', { lostRequest: true });
    const undone = must(await one.playUntil(station, isFound));
    expect(undone.recovery).toMatchObject({ operation: 'aws.createStoreKey', hits: 0, choices: ['redo', 'stop'] });
    must(await one.playUntil(station, isNext('aws.createStoreKey')));
    await fail('CreateKey', { lostAnswer: true });
    const done = must(await one.playUntil(station, isFound));
    expect(done.recovery).toMatchObject({ operation: 'aws.createStoreKey', hits: 1, choices: ['adopt', 'stop'] });
    must(await one.playUntil(station, isNext('aws.proveStore')));
    expect(must(await kms.listKeys()).value).toHaveLength(2);
  });

  it('waits for a proxy that was killed by the system until its supervisor has brought it back', async () => {
    const { pid } = must(await one.proxy.ask({ verb: 'status' }));
    process.kill(pid, 'SIGKILL');
    const view = must(await one.playUntil(station, isNext('drill.plan')));
    expect(isCalled(view)).toBe(false);
    expect(must(await one.proxy.ask({ verb: 'status' })).pid).not.toBe(pid);
  });

  it('is completed in the end, and its pack verifies with everything that was called', async () => {
    const view = must(await one.play(station));
    await station.leave();
    expect(view.outcome).toBe('completed');
    expect(await verifyPack(join(one.evidence, ceremonyId))).toMatchObject({ ok: true, judged: true, outcome: 'completed' });
    expect(view.exceptions.length).toBeGreaterThan(25);
  });

  it('does not adopt the store of another ceremony under its own name', async () => {
    const next = one.open();
    must(await one.start(next, 'xks-store', { keyLabel: 'xks-root-2', alias: 'none' }));
    must(await one.playUntil(next, isNext('aws.createStore')));
    await fail('CreateCustomKeyStore', { lostRequest: true });
    const undone = must(await one.playUntil(next, isFound));
    expect(undone.recovery).toMatchObject({ hits: 0, choices: ['redo', 'stop'] });
    const refused = must(await one.play(next));
    await next.leave();
    expect(refused.outcome).toBe('aborted');
    expect(refused.exceptions.at(-1)?.happened).toMatch(/^aws\.storeNameInUse/);
    expect(must(await (await one.kms()).keyStores()).value).toHaveLength(1);
    expect(await verifyPack(join(one.evidence, refused.ceremonyId))).toMatchObject({ ok: true, judged: true });
  });
});
