import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BRIDGE } from '../../../core/contract/bridge';
import type { PolicyTrialOrder } from '../../../core/contract/policy-trial';
import { POLICY_CHARS } from '../../../core/contract/proxy-policy';
import { failure, success } from '../../../core/contract/result';
import { openStationProxy, type SupervisedProxy } from '../../../core/supervision/station-proxy';
import { isTooLarge } from '../../../electron/bridge/input';

// The system's dialogs are Electron's; what a person picks in them is said here.
const picked = vi.hoisted(() => ({ path: null as string | null }));
vi.mock('../../../electron/dialogs', () => ({ dialogs: { newFile: () => Promise.resolve(picked.path) } }));
const { proxyPolicyFunctions } = await import('../../../electron/bridge/proxy-policy');

const POLICY = '@id("everybody")\npermit (principal, action, resource);\n';

let folder = '';
let proxy: SupervisedProxy;
let orders: PolicyTrialOrder[] = [];
let stops = 0;
const file = (): string => join(folder, 'station.cedar');
const open = () =>
  proxyPolicyFunctions({
    proxy,
    trials: {
      run: (order) => {
        orders.push(order);
        return Promise.resolve(success({ kind: 'noLog', problem: 'x' }));
      },
      stop: () => void (stops += 1),
    },
  });
const settle = (more = ''): void => {
  writeFileSync(join(folder, 'settings.toml'), `[state]\nfolder = "${join(folder, 'state')}"\n${more}`);
};
const settleWithPolicy = (): void => settle(`[authorization]\npolicy_file = "${file()}"\n`);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyrite-proxy-policy-'));
  orders = [];
  stops = 0;
  picked.path = join(folder, 'mine.cedar');
  const launch = (): never => {
    throw new Error('no verb of these starts the proxy');
  };
  proxy = openStationProxy({ folder, launch, environment: () => ({}) });
});
afterEach(async () => {
  await proxy.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the policy of the settings', () => {
  it('is shown by the name of its file, without its folder', async () => {
    settleWithPolicy();
    writeFileSync(file(), POLICY);
    expect(await open().policy()).toEqual(success({ isSet: true, fileName: 'station.cedar', text: POLICY }));
  });

  it('is none where the settings name none, and nothing at all where no proxy is set up', async () => {
    expect(await open().policy()).toMatchObject({ error: { code: 'proxy.notSetUp' } });
    settle();
    expect(await open().policy()).toEqual(success({ isSet: false, fileName: '', text: '' }));
  });

  it('is told to be missing, or larger than the screen takes', async () => {
    settleWithPolicy();
    expect(await open().policy()).toEqual(failure('file.notFound', { file: 'station.cedar' }));
    writeFileSync(file(), '/'.repeat(POLICY_CHARS + 1));
    expect(await open().policy()).toEqual(failure('input.invalid', { what: 'policy', file: 'station.cedar' }));
    writeFileSync(file(), '/'.repeat(POLICY_CHARS));
    expect(await open().policy()).toMatchObject({ ok: true });
  });
});

describe('trying a policy', () => {
  it('is ordered with the audit folder of the settings, which no page names', async () => {
    expect(await open().tryPolicy({ text: POLICY })).toMatchObject({ error: { code: 'proxy.notSetUp' } });
    settle();
    await open().tryPolicy({ text: POLICY });
    settle(`[audit]\nfolder = "${join(folder, 'elsewhere')}"\n`);
    await open().tryPolicy({ text: POLICY });
    expect(orders).toEqual([
      { text: POLICY, audit: join(folder, 'state', 'audit'), newest: 10_000 },
      { text: POLICY, audit: join(folder, 'elsewhere'), newest: 10_000 },
    ]);
  });

  it('is ended when the page says so', async () => {
    expect(await open().stopTrial()).toEqual(success(null));
    expect(stops).toBe(1);
  });

  it('is not begun any more where the page said so, or asked anew, before it was', async () => {
    settle();
    const area = open();
    const [first, second] = [area.tryPolicy({ text: 'a' }), area.tryPolicy({ text: 'b' })];
    expect(await first).toEqual(failure('input.cancelled'));
    expect(await second).toMatchObject({ ok: true });
    const third = area.tryPolicy({ text: 'c' });
    await area.stopTrial();
    expect(await third).toEqual(failure('input.cancelled'));
    expect(orders.map(({ text }) => text)).toEqual(['b']);
  });

  it('takes the longest text through the door, and nothing besides a text', () => {
    const schema = BRIDGE.proxy.tryPolicy.input;
    const longest = { text: 'x'.repeat(POLICY_CHARS) };
    expect(isTooLarge(longest)).toBe(false);
    expect(schema.safeParse(longest).success).toBe(true);
    for (const input of [{ text: `${longest.text}x` }, { text: '' }, { text: 'x', audit: '/etc' }, {}])
      expect(schema.safeParse(input).success).toBe(false);
  });
});

describe('writing a policy into a file', () => {
  it('goes where the person says, and changes nothing else', async () => {
    settleWithPolicy();
    writeFileSync(file(), POLICY);
    expect(await open().exportPolicy({ text: 'forbid (principal, action, resource);\n\n' })).toEqual(
      success({ name: 'mine.cedar' }),
    );
    expect(readFileSync(join(folder, 'mine.cedar'), 'utf8')).toBe('forbid (principal, action, resource);\n');
    expect(readFileSync(file(), 'utf8')).toBe(POLICY);
    picked.path = null;
    expect(await open().exportPolicy({ text: POLICY })).toEqual(failure('input.cancelled'));
  });

  it('never goes over the file that the settings name, by whatever way to it', async () => {
    settleWithPolicy();
    writeFileSync(file(), POLICY);
    symlinkSync(folder, join(folder, 'way'));
    for (const path of [file(), join(folder, 'way', 'station.cedar')]) {
      picked.path = path;
      expect(await open().exportPolicy({ text: 'permit (principal, action, resource);' })).toMatchObject({
        error: { code: 'file.exists' },
      });
    }
    expect(readFileSync(file(), 'utf8')).toBe(POLICY);
    rmSync(file());
    expect(await open().exportPolicy({ text: POLICY })).toMatchObject({ error: { code: 'file.exists' } });
  });

  it('says why where the disk refuses', async () => {
    settle();
    picked.path = join(folder, 'none', 'mine.cedar');
    expect(await open().exportPolicy({ text: POLICY })).toMatchObject({ error: { code: 'file.notFound' } });
  });
});
