import { describe, expect, it } from 'vitest';
import { verb } from '../../../core/cli/script';
import type { VerbContext } from '../../../core/cli/verb';
import { runVerb } from './run-verb';

const script = (name: string, values: VerbContext['values'] = {}) => runVerb(verb, values, [name]);

describe('keyrite script', () => {
  it('refuses a plan for production that a station would refuse, and takes each half', async () => {
    const own = ['awsAccount=111122223333', 'awsPrincipal=arn:aws:iam::111122223333:role/keys', 'alias=alias/payments'];
    const both = await script('byok', { production: true, input: own });
    expect(both).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/refused in production\. .*each on its own station/),
    });
    expect(await script('byok')).toMatchObject({ code: 0, err: '' });
    expect(await script('byok', { production: true, input: [...own, 'leg=offline'] })).toMatchObject({ code: 0, err: '' });
  });

  it('names every default that is for practice, where a plan is for production', async () => {
    const { code, err } = await script('xks-store', { production: true, input: ['place=server', 'storeName=payments'] });
    expect(code).toBe(2);
    const named = [...err.matchAll(/--input (\w+)=.*is for practice\./g)].map(([, name]) => name);
    expect(named).toEqual([
      ...['uriPrefix', 'proxyHost', 'allowedPrincipal', 'refusedPrincipal', 'awsAccount', 'awsPrincipal', 'alias'],
    ]);
  });

  it('names every input that does not fit by name, title and hint, and shows no regular expression', async () => {
    const { code, err } = await script('key-destroy', { input: ['what=all', 'checkValue=xyz'] });
    expect(code).toBe(2);
    const lines = err.split('\n');
    expect(lines).toContain(
      '  --input what=...  To be destroyed: "all" is none of material, kmsKey, hsmKey, everything. What the written authorisation names. The HSM key is the last copy of the material.',
    );
    expect(lines).toContain(
      '  --input checkValue=...  Check value: "xyz" does not fit. 6 to 64 hex digits, from the written authorisation.',
    );
    for (const name of ['authorisation', 'ckaId', 'kmsKeyArn'])
      expect(err).toMatch(new RegExp(`--input ${name}=\\.\\.\\.  .*: nothing is given\\.`));
    expect(err).not.toMatch(/\^|\$/);
  });

  it('answers an unknown name with the nearest script and all there are', async () => {
    const { code, err } = await script('byok-rotat');
    expect([code, err]).toEqual([
      2,
      expect.stringMatching(/^There is no ceremony "byok-rotat"\. Is "byok-rotate" meant\? Shipped: .*byok-rotate, .*hsm-key/),
    ]);
    expect((await script('./none.yaml')).err).toMatch(/none\.yaml cannot be read \(ENOENT\)/);
  });
});
