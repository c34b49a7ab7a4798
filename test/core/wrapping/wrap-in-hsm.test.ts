import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { failure, success, type Failure } from '../../../core/contract/result';
import type { ErrorCode } from '../../../core/contract/errors';
import { keyPlan } from '../../../core/keys/policy';
import { sha256Bytes } from '../../../core/pack/sha256';
import type { TokenPort } from '../../../core/pkcs11/port';
import { wrapInHsm, type HsmWrapRequest } from '../../../core/wrapping/wrap-in-hsm';

const SPKI = randomBytes(294);

interface Faults {
  readonly fail?: Partial<Record<'login' | 'importWrappingKey' | 'wrapKey' | 'destroy' | 'trialWrap', ErrorCode>>;
  /** labels of the BYOK keys on the token */
  readonly labels?: readonly string[];
  readonly spkiSha256?: string;
  readonly rowOk?: boolean;
  readonly trialOk?: boolean;
  readonly keyOk?: boolean;
}

/** A port that writes down what was asked, and fails where it is told to. */
function scriptedPort(faults: Faults): { readonly port: TokenPort; readonly said: string[] } {
  const said: string[] = [];
  const note = (what: string, call?: keyof NonNullable<Faults['fail']>) => {
    said.push(what);
    const code = call === undefined ? undefined : faults.fail?.[call];
    return code === undefined ? null : failure(code);
  };
  const port: Partial<TokenPort> = {
    open: async () => success(null as never),
    login: async ({ user, pin }) =>
      note(`login ${user} ${pin === null ? 'pad' : 'pin'}`, 'login') ?? success({ pinState: 'ok' as never }),
    logout: async () => note('logout') ?? success(null),
    inventory: async () =>
      success(
        [...(faults.labels ?? ['root']).map((label) => [label, 'secret']), ['kms', 'public'], ['root', 'certificate']].map(
          ([label = '', type = '']) => ({
            class: type,
            keyType: 'AES',
            label,
            ckaId: type === 'public' ? 'bb' : 'aa',
            uniqueId: '',
            digest: '',
          }),
        ),
      ),
    plan: async (request) => keyPlan('serial', request),
    readBack: async () =>
      success([{ class: 'secret', rows: [{ name: 'CKA_VALUE_LEN', wanted: '32', got: '16', ok: faults.keyOk !== false }] }]),
    trialWrap: async () =>
      note('trial', 'trialWrap') ?? success([{ rule: 'CER-TRIAL-WRAP', ok: faults.trialOk !== false, wanted: 'a', got: 'b' }]),
    checkValue: async () => success({ method: 'CMAC', value: 'AABBCC' }),
    publicKey: async () => success(null),
    importWrappingKey: async () =>
      note('import', 'importWrappingKey') ??
      success({ rows: [{ name: 'CKA_TRUSTED', wanted: true, got: false, ok: faults.rowOk !== false }] }),
    wrapKey: async ({ wrappingKey }) =>
      note(`wrap ${wrappingKey.ckaId.length === 32 ? 'imported' : wrappingKey.ckaId}`, 'wrapKey') ??
      success({
        blob: randomBytes(256),
        mechanism: 'CKM_RSA_PKCS_OAEP',
        parameters: '',
        spkiSha256: faults.spkiSha256 ?? sha256Bytes(SPKI),
        tookMs: 1,
      }),
    destroy: async ({ label }) => note(`destroy ${label.slice(0, 12)}`, 'destroy') ?? success({ destroyed: 1 }),
    close: async () => note('close') ?? success(null),
  };
  return { port: port as TokenPort, said };
}

async function wrap(faults: Faults = {}, changed: Partial<HsmWrapRequest> = {}) {
  const { port, said } = scriptedPort(faults);
  const result = await wrapInHsm(port, {
    address: { modulePath: '/m', profile: 'p', serial: 's', label: 't' },
    label: 'root',
    keySpec: 'AES_256',
    spki: SPKI,
    wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_2048' },
    wrappingKeyLabel: null,
    pin: async () => success(new Uint8Array([1])),
    signal: new AbortController().signal,
    ...changed,
  });
  const error: Failure | null = result.ok ? null : result.error;
  return { result, error, said };
}

const IMPORT = ['login so pin', 'import', 'logout'];
const REMOVE = ['login so pin', 'destroy keyrite-wrap', 'logout', 'close'];

describe('wrapping in an HSM', () => {
  it('has the security officer import, the crypto officer prove and wrap, and the security officer remove', async () => {
    const { result, said } = await wrap();
    expect(result).toMatchObject({ ok: true, value: { madeIn: 'hsm', leftOver: '', checkValue: { value: 'AABBCC' } } });
    expect(said).toEqual([...IMPORT, 'login user pin', 'trial', 'wrap imported', 'logout', ...REMOVE]);
  });

  it('needs no security officer for a wrapping key that is there', async () => {
    const { said } = await wrap({}, { wrappingKeyLabel: 'kms', pin: async () => success(null) });
    expect(said).toEqual(['login user pad', 'trial', 'wrap bb', 'logout', 'close']);
  });

  it('removes the wrapping key whatever went wrong between', async () => {
    for (const fail of [{ wrapKey: 'token.device' }, { trialWrap: 'token.mechanismMissing' }] as const) {
      const { error, said } = await wrap({ fail });
      expect(error?.code).toBe(Object.values(fail)[0]);
      expect(said.slice(-REMOVE.length)).toEqual(REMOVE);
    }
    const notTrusted = await wrap({ rowOk: false });
    expect(notTrusted.error).toMatchObject({ code: 'key.attributeDiffers', detail: { name: 'CKA_TRUSTED', got: 'false' } });
    expect(notTrusted.said).toEqual([...IMPORT, ...REMOVE]);
  });

  it('removes nothing that it did not make', async () => {
    const { error, said } = await wrap({ fail: { importWrappingKey: 'key.duplicate' } });
    expect([error?.code, ...said]).toEqual(['key.duplicate', ...IMPORT, 'close']);
  });

  it('takes the wrapping key away before it stops, wherever Ctrl-C found it', async () => {
    const stop = new AbortController();
    const during = await wrap({}, { signal: stop.signal, pin: async (user) => (user === 'so' && stop.abort(), success(null)) });
    expect([during.error?.code, ...during.said]).toEqual([
      'input.cancelled',
      'login so pad',
      'import',
      'logout',
      ...['login so pad', 'destroy keyrite-wrap', 'logout', 'close'],
    ]);
    const later = new AbortController();
    const user = await wrap({}, { signal: later.signal, pin: async (user) => (user === 'user' && later.abort(), success(null)) });
    expect([user.error?.code, user.said.includes('wrap imported'), user.said.at(-3)]).toEqual([
      'input.cancelled',
      false,
      'destroy keyrite-wrap',
    ]);
  });

  it('says so when the wrapping key is left on the token, with the blob and without', async () => {
    const fail = { destroy: 'token.device' } as const;
    const kept = await wrap({ fail });
    expect(kept.result.ok && kept.result.value.leftOver).toMatch(/^keyrite-wrap-[0-9a-f]{8}$/);
    const lost = await wrap({ fail: { ...fail, wrapKey: 'token.full' } });
    expect(lost.error).toMatchObject({ code: 'token.full', detail: { leftOnToken: expect.stringMatching(/^keyrite-wrap-/) } });
    const gone = await wrap({ fail: { destroy: 'key.notFound' } });
    expect(gone.result).toMatchObject({ ok: true, value: { leftOver: '' } });
  });

  it.each([
    ['no key of that label', { labels: ['other'] }, 'key.notFound'],
    ['two of them', { labels: ['root', 'root'] }, 'key.duplicate'],
    ['a key of another kind', { keyOk: false }, 'key.attributeDiffers'],
    ['a trial wrap that does not hold', { trialOk: false }, 'token.wrapDefect'],
    ['another wrapping key on the token than in the file', { spkiSha256: '00' }, 'key.wrappingKeyInvalid'],
  ] as const)('hands out nothing for %s', async (_what, faults, code) => {
    const { error, said } = await wrap(faults, { wrappingKeyLabel: 'kms' });
    expect(error?.code).toBe(code);
    expect(said.includes('wrap bb')).toBe(code === 'key.wrappingKeyInvalid');
  });

  it('asks the token nothing for a combination KMS does not take, and stops at a PIN that cannot be had', async () => {
    const illegal = await wrap({}, { keySpec: 'RSA_2048' });
    expect([illegal.error?.code, illegal.said]).toEqual(['policy.wrappingIllegal', []]);
    const noPin = await wrap({}, { pin: async () => failure('token.pinInvalid') });
    expect([noPin.error?.code, noPin.said]).toEqual(['token.pinInvalid', ['close']]);
  });
});
