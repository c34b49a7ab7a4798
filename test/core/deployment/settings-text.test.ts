import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsText } from '../../../core/deployment/settings-text';
import { read, settingsOf } from '../../proxy/settings/ground';
import { planOf } from './plans';

describe('the settings of a plan', () => {
  it('are taken by the reader of the proxy without an error and without a remark', async () => {
    expect(await read(settingsText(planOf()))).toMatchObject({ ok: true, remarks: [] });
  });

  it('say what the plan says', async () => {
    const plan = planOf({
      authorization: { policyFile: '/etc/keyrite-proxy/policy.cedar', principals: null, kmsKeyArns: null },
      metricsPort: null,
    });
    const settings = await settingsOf(settingsText(plan));
    expect(settings).toMatchObject({
      server: { host: '0.0.0.0', port: 443, pingPort: null },
      tls: { certificateFile: plan.tls.certificateFile, keyFile: plan.tls.keyFile, client: null },
      isSigV4On: true,
      hsm: {
        profile: 'thales-luna',
        module: plan.hsm.modulePath,
        token: { label: 'xks-partition', serial: null },
        pin: { from: 'credential', name: 'pin' },
      },
      pool: { sessions: 32, processes: 2 },
      stateFolder: plan.stateFolder,
      audit: { folder: plan.auditFolder, onFailure: 'refuse' },
      metrics: null,
      authorization: { policyFile: '/etc/keyrite-proxy/policy.cedar' },
      health: { key: 'keyrite-health', fleetSize: 2 },
    });
    expect(settings.keyStores).toEqual([
      {
        name: 'production',
        prefix: '/production/blue',
        region: 'eu-central-1',
        credentials: [
          {
            accessKeyId: plan.accessKeyId,
            secret: { from: 'file', path: '/etc/keyrite-proxy/secrets/production' },
            since: null,
          },
        ],
        keys: new Set(plan.keyLabels),
        foreignFramings: [],
      },
    ]);
  });

  it('name every source of secrets as the reader knows it', async () => {
    const hsm = { ...planOf().hsm, pin: { from: 'supervisor' } } as const;
    const supervised = await settingsOf(settingsText(planOf({ hsm, secretAccessKey: { from: 'supervisor' } })));
    expect([supervised.hsm.pin, supervised.keyStores[0]?.credentials[0]?.secret]).toEqual([
      { from: 'supervisor' },
      { from: 'supervisor' },
    ]);
  });

  it('keep the older credential beside the new one while AWS KMS changes over', async () => {
    const older = { accessKeyId: 'ZYXWVUTSRQPONMLKJIHGFEDCB2345', secretAccessKey: { from: 'file', path: '/etc/old' } } as const;
    const plan = planOf({ olderCredentials: [older] });
    const [store] = (await settingsOf(settingsText(plan))).keyStores;
    expect(store?.credentials.map(({ accessKeyId, secret }) => [accessKeyId, secret])).toEqual([
      [plan.accessKeyId, plan.secretAccessKey],
      [older.accessKeyId, older.secretAccessKey],
    ]);
  });

  it('say which of two keys with one label encrypts', async () => {
    const plan = planOf({ generations: [{ label: 'payments-2026', current: '9f02', legacy: '01' }] });
    const { ok, remarks } = await read(settingsText(plan));
    expect([ok, remarks]).toEqual([true, []]);
    expect((await settingsOf(settingsText(plan))).keys).toEqual(new Map([['payments-2026', { current: '9f02', legacy: '01' }]]));
  });

  it('warn of a rehearsal token and of nothing else', async () => {
    const hsm = { ...planOf().hsm, profile: 'softhsm', modulePath: '/usr/lib/softhsm/libsofthsm2.so' };
    const { ok, remarks } = await read(settingsText(planOf({ hsm })));
    expect([ok, remarks.map(({ key }) => key)]).toEqual([true, ['hsm.profile']]);
  });

  it('take any text a plan may hold for what it is: nothing in a value becomes a key or a line', async () => {
    const printable = fc.string({ unit: fc.constantFrom(...Array.from(`"'\\#=[]{}, \${}%$\`~é`)), minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(printable, printable, async (tokenLabel, part) => {
        const hsm = { ...planOf().hsm, tokenLabel, modulePath: `/opt/${part}/lib.so` };
        const plan = planOf({ hsm, stateFolder: `/var/lib/${part}` });
        const settings = await settingsOf(settingsText(plan));
        expect([settings.hsm.token.label, settings.hsm.module, settings.stateFolder]).toEqual([
          tokenLabel,
          hsm.modulePath,
          plan.stateFolder,
        ]);
      }),
      { numRuns: 50 },
    );
  });
});
