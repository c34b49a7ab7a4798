import { describe, expect, it } from 'vitest';
import { planRehearsal, type AskedRehearsal } from '../../../core/cli/rehearsal-plan';
import type { VerbContext } from '../../../core/cli/verb';

const KEY = {
  kmsKeyArn: 'arn:aws:kms:eu-west-1:000000000000:key/0a1b2c3d-0000-4000-8000-000000000000',
  ckaId: 'ab'.repeat(16),
  keyLabel: 'made-1',
  checkValue: 'ABCDEF',
};

function ask(script: string, values: VerbContext['values'] = {}): Promise<AskedRehearsal | string> {
  const { signal } = new AbortController();
  const said = () => undefined;
  return planRehearsal({ positionals: [script], values, out: said, err: said, isTerminal: false, signal });
}

async function asked(script: string, values: VerbContext['values'] = {}): Promise<AskedRehearsal> {
  const plan = await ask(script, values);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

describe('what keyrite rehearse is asked for', () => {
  it('is one ceremony where the script makes its own key', async () => {
    expect(await asked('byok', { 'key-spec': 'HMAC_256' })).toMatchObject({
      first: null,
      plan: { inputs: { keySpec: 'HMAC_256', wrappingAlgorithm: 'RSAES_OAEP_SHA_1' } },
    });
  });

  it('is an import before, of the same kind, Region and wrapping, where the script begins with a key', async () => {
    const values = { 'key-spec': 'HMAC_256', 'wrapping-key': 'RSA_2048', label: 'made-1', input: ['awsRegion=eu-west-1'] };
    const { first, withKey } = await asked('byok-reimport', values);
    expect(first).toMatchObject({
      script: { id: 'byok' },
      inputs: { keySpec: 'HMAC_256', wrappingKeySpec: 'RSA_2048', awsRegion: 'eu-west-1', keyLabel: 'made-1', importAs: 'new' },
    });
    expect(withKey(KEY).inputs).toMatchObject({
      ckaId: KEY.ckaId,
      kmsKeyArn: KEY.kmsKeyArn,
      keyLabel: 'made-1',
      importAs: 'existing',
    });
  });

  it('is one server where people act at servers, with a store before that this station sets up', async () => {
    const { first, plan } = await asked('kill-drill', { input: ['place=server'] });
    expect([plan.inputs['place'], plan.inputs['fleetSize'], first?.inputs['place']]).toEqual(['server', '1', 'here']);
    expect(await ask('proxy-arm', { input: ['place=server', 'fleetSize=3'] })).toMatch(
      /^A rehearsal in the terminal has one server/,
    );
  });

  it('keeps the label of a rotation for its new key', async () => {
    const { first, withKey } = await asked('byok-rotate', { label: 'made-2' });
    expect(first?.inputs['keyLabel']).toBe('byok-1');
    expect(withKey(KEY).inputs).toMatchObject({ keyLabel: 'made-2', kmsKeyArn: KEY.kmsKeyArn });
  });

  it('takes what a written authorisation says from the key that was made', async () => {
    const { withKey } = await asked('key-destroy', { input: ['what=everything'] });
    expect(withKey(KEY).inputs).toMatchObject({ what: 'everything', checkValue: 'ABCDEF', keyLabel: 'made-1' });
  });

  it('needs no import before when a key is named', async () => {
    const { first, plan } = await asked('byok-rotate', { input: [`kmsKeyArn=${KEY.kmsKeyArn}`] });
    expect([first, plan.inputs['kmsKeyArn']]).toEqual([null, KEY.kmsKeyArn]);
  });

  it('is refused in a sentence, before anything is rehearsed, for what does not fit', async () => {
    expect(await ask('byok-rotat')).toMatch(
      /^There is no ceremony "byok-rotat"\. Is "byok-rotate" meant\? Shipped: .*byok-rotate/,
    );
    expect(await ask('key-destroy', { input: ['what=all'] })).toMatch(/"all" is none of material, kmsKey/);
    expect(await ask('key-destroy', { input: ['whatever=1'] })).toMatch(/no input "whatever"/);
    for (const [input, sentence] of [
      ['awsAccount=123456789012', /^The rehearsal KMS is account 000000000000/],
      ['awsPrincipal=arn:aws:iam::123456789012:user/ada', /^The rehearsal KMS is called by arn/],
      ['awsRegion=eu-north-1', /^The rehearsal KMS has the Regions eu-central-1,/],
      ['place=server', /^A rehearsal in the terminal has no servers/],
    ] as const)
      expect(await ask('xks-rotate-key', { input: [input] })).toMatch(sentence);
    expect(await ask('byok', { input: ['awsAccount=123456789012'] })).toMatch(/^The rehearsal KMS is account/);
  });

  it('wraps with what KMS takes for the kind of key, unless an algorithm is given', async () => {
    const algorithm = async (script: string, values: VerbContext['values']) => {
      const { plan, first } = await asked(script, values);
      return (first ?? plan).inputs['wrappingAlgorithm'];
    };
    expect(await algorithm('byok', {})).toBe('RSAES_OAEP_SHA_1');
    expect(await algorithm('byok', { 'key-spec': 'RSA_2048' })).toBe('RSA_AES_KEY_WRAP_SHA_1');
    expect(await algorithm('byok-reimport', { 'key-spec': 'ECC_NIST_P384' })).toBe('RSA_AES_KEY_WRAP_SHA_1');
    expect(await algorithm('key-destroy', { 'key-spec': 'ECC_NIST_P384' })).toBe('RSA_AES_KEY_WRAP_SHA_1');
    expect(await algorithm('byok', { 'key-spec': 'ECC_NIST_P384', algorithm: 'RSAES_OAEP_SHA_1' })).toBe('RSAES_OAEP_SHA_1');
  });

  it('goes through the endpoint service that a rehearsal has, in the Region of the plan, unless another is named', async () => {
    const service = async (...input: readonly string[]) =>
      (await asked('xks-store', { input: [...input] })).plan.inputs['vpcServiceName'];
    expect(await service()).toBe('none');
    expect(await service('connectivity=vpc')).toBe('com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0');
    expect(await service('connectivity=vpc', 'awsRegion=us-west-2')).toMatch(/us-west-2\.vpce-svc-0123456789abcdef0$/);
    const own = 'com.amazonaws.vpce.eu-central-1.vpce-svc-1';
    expect(await service('connectivity=vpc', `vpcServiceName=${own}`)).toBe(own);
  });

  it('is no half of a ceremony: that waits for a medium that nobody brings', async () => {
    for (const leg of ['online', 'offline'])
      expect(await ask('byok', { input: [`leg=${leg}`] })).toMatch(/^One half cannot be rehearsed/);
    expect((await asked('byok', { input: ['leg=both'] })).plan.inputs['leg']).toBe('both');
  });
});
