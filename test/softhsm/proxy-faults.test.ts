import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { buildFaultyModule, hasCompiler, type FaultyModule } from './faulty-module/build';
import { hasSoftHsm } from './ground';
import { choice, good, HEALTH, proxyGround, said, serving, until, type OpenHsm, type ProxyGround } from './proxy-ground';

/** What a return value of one call must become, for an encryption and a decryption: written down here apart from the tables it tests. */
interface Expected {
  readonly code: string;
  readonly ckr: string;
  /** the call fails once */
  readonly once: { readonly encrypt: string; readonly decrypt: string; readonly replaces: boolean };
  /** it fails until the answer is there */
  readonly always: { readonly encrypt: string; readonly decrypt: string; readonly replaces: boolean };
}

const both = (name: string, replaces = false) => ({ encrypt: name, decrypt: name, replaces });
const INTERNAL = 'InternalException';

function again(code: string, ckr: string): Expected {
  return { code, ckr, once: both('ok'), always: both(INTERNAL) };
}

function device(code: string, ckr: string): Expected {
  return { code, ckr, once: both(INTERNAL, true), always: both(INTERNAL, true) };
}

function request(code: string, ckr: string, encrypt: string, decrypt = encrypt): Expected {
  const answers = { encrypt, decrypt, replaces: false };
  return { code, ckr, once: answers, always: answers };
}

function unclear(code: string, ckr: string, decrypt: string): Expected {
  return { code, ckr, once: { encrypt: INTERNAL, decrypt, replaces: false }, always: both(INTERNAL, true) };
}

const CODES: readonly Expected[] = [
  again('0xb3', 'CKR_SESSION_HANDLE_INVALID'),
  again('0xb0', 'CKR_SESSION_CLOSED'),
  again('0x90', 'CKR_OPERATION_ACTIVE'),
  again('0x91', 'CKR_OPERATION_NOT_INITIALIZED'),
  again('0x82', 'CKR_OBJECT_HANDLE_INVALID'),
  again('0x60', 'CKR_KEY_HANDLE_INVALID'),
  device('0x30', 'CKR_DEVICE_ERROR'),
  device('0x32', 'CKR_DEVICE_REMOVED'),
  device('0xe0', 'CKR_TOKEN_NOT_PRESENT'),
  device('0x101', 'CKR_USER_NOT_LOGGED_IN'),
  device('0x190', 'CKR_CRYPTOKI_NOT_INITIALIZED'),
  device('0x2', 'CKR_HOST_MEMORY'),
  unclear('0x5', 'CKR_GENERAL_ERROR', 'InvalidCiphertextException'),
  unclear('0x6', 'CKR_FUNCTION_FAILED', 'InvalidCiphertextException'),
  unclear('0x80000042', '0x80000042', INTERNAL),
  request('0x40', 'CKR_ENCRYPTED_DATA_INVALID', INTERNAL, 'InvalidCiphertextException'),
  request('0x41', 'CKR_ENCRYPTED_DATA_LEN_RANGE', INTERNAL, 'InvalidCiphertextException'),
  request('0x35', 'CKR_AEAD_DECRYPT_FAILED', INTERNAL, 'InvalidCiphertextException'),
  request('0x21', 'CKR_DATA_LEN_RANGE', 'UnsupportedOperationException', 'InvalidCiphertextException'),
  request('0x68', 'CKR_KEY_FUNCTION_NOT_PERMITTED', 'InvalidKeyUsageException'),
  request('0x63', 'CKR_KEY_TYPE_INCONSISTENT', 'InvalidKeyUsageException'),
  request('0x70', 'CKR_MECHANISM_INVALID', INTERNAL),
  request('0x7', 'CKR_ARGUMENTS_BAD', INTERNAL),
  request('0x150', 'CKR_BUFFER_TOO_SMALL', INTERNAL),
];

const PLAINTEXT = Buffer.from('not to be got wrong');
const AAD = Buffer.from('project=nile');

describe.skipIf(!hasSoftHsm || !hasCompiler)('a PKCS#11 module that fails under the proxy', () => {
  let ground: ProxyGround;
  let module: FaultyModule;
  let hsm: OpenHsm;

  beforeAll(async () => {
    ground = await proxyGround();
    module = buildFaultyModule(ground.home, ground.modulePath);
    ground.put({ label: 'nile', ckaId: '0a', value: Buffer.alloc(32, 1) });
    ground.put({ label: HEALTH, ckaId: 'ff', value: Buffer.alloc(32, 9) });
    hsm = open();
    await serving(hsm);
  });

  afterEach(() => module.faults());
  afterAll(() => ground.remove());

  function open(pool = { sessions: 1, processes: 1, queue: 100, deadlineMs: 10_000, hungMs: 20_000 }): OpenHsm {
    return ground.open({ module: module.path, pool });
  }

  /** A pool whose back-off has nothing to remember. */
  async function fresh(pool?: Parameters<typeof open>[0]): Promise<void> {
    await hsm.stop();
    hsm = open(pool);
    await serving(hsm);
  }

  const encrypt = () => hsm.encrypt({ key: choice('nile'), plaintext: PLAINTEXT, aad: AAD, wantsCdiv: true });
  const decrypt = async (sealed: Awaited<ReturnType<typeof seal>>) =>
    hsm.decrypt({ key: choice('nile'), aad: AAD, foreignFramings: [], ...sealed });
  const seal = async () => good(await encrypt());
  const name = (text: string) => text.split(' ')[0]!;

  /** Serves as if nothing had been. */
  async function well(): Promise<void> {
    await serving(hsm);
    expect(Buffer.from(good(await decrypt(await seal())).plaintext)).toEqual(PLAINTEXT);
  }

  async function holds(call: string, fault: string, wanted: Expected['once'], operation: 'encrypt' | 'decrypt'): Promise<void> {
    if (hsm.state().counts.workersReplaced > 0) await fresh();
    const sealed = await seal();
    module.faults(`${call} ${fault}`);
    const answer = operation === 'encrypt' ? await encrypt() : await decrypt(sealed);
    module.faults();
    expect([call, fault, name(said(answer))]).toEqual([call, fault, wanted[operation]]);
    if (answer.ok && 'plaintext' in answer.value) expect(Buffer.from(answer.value.plaintext)).toEqual(PLAINTEXT);
    await well();
    expect([call, fault, hsm.state().counts.workersReplaced > 0]).toEqual([call, fault, wanted.replaces]);
  }

  describe.each(CODES)('$ckr', ({ code, once, always }) => {
    it('of C_EncryptInit and C_Encrypt', async () => {
      for (const call of ['C_EncryptInit', 'C_Encrypt']) {
        await holds(call, `${code} 1`, once, 'encrypt');
        await holds(call, code, always, 'encrypt');
      }
    });

    it('of C_DecryptInit and C_Decrypt', async () => {
      for (const call of ['C_DecryptInit', 'C_Decrypt']) {
        await holds(call, `${code} 1`, once, 'decrypt');
        await holds(call, code, always, 'decrypt');
      }
    });
  });

  it.each(['C_EncryptInit', 'C_DecryptInit'])(
    'that says CKR_OK to %s and does nothing is found out, and tried again',
    async (call) => {
      await holds(call, '0x0 1', both('ok'), call === 'C_EncryptInit' ? 'encrypt' : 'decrypt');
    },
  );

  it.each(['C_Encrypt', 'C_Decrypt'])('that says CKR_OK to %s and does nothing gives no answer', async (call) => {
    await holds(call, '0x0 1', both(INTERNAL, true), call === 'C_Encrypt' ? 'encrypt' : 'decrypt');
  });

  it('is asked for no more than the operation needs: no size, no search, and random numbers for many at once', async () => {
    await fresh();
    const sealed = await seal();
    const NAMES = [
      ...['C_EncryptInit', 'C_Encrypt', 'C_DecryptInit', 'C_Decrypt', 'C_GenerateRandom'],
      ...['C_FindObjectsInit', 'C_FindObjects', 'C_GetAttributeValue', 'C_GetSessionInfo', 'C_OpenSession', 'C_Login'],
    ];
    const counts = () => NAMES.map(module.calls);
    const before = counts();
    for (let i = 0; i < 50; i++) good(await encrypt());
    for (let i = 0; i < 50; i++) good(await decrypt(sealed));
    const made = counts().map((count, i) => count - (before[i] ?? 0));
    // With an integrity value each encryption is decrypted once; 50 IVs are at most one batch of 64.
    expect(made.slice(0, 4)).toEqual([50, 50, 100, 100]);
    expect(made[4]).toBeLessThanOrEqual(1);
    expect(made.slice(5)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('that encrypts to what does not decrypt is found out at the first use of a key, asked for an integrity value or not', async () => {
    const unchecked = () => hsm.encrypt({ key: choice('nile'), plaintext: PLAINTEXT, aad: AAD, wantsCdiv: false });
    await fresh();
    module.faults('C_Encrypt flip 1');
    expect(said(await unchecked())).toContain(INTERNAL);
    module.faults();
    await serving(hsm);
    const decryptions = module.calls('C_Decrypt');
    good(await unchecked());
    good(await unchecked());
    expect(module.calls('C_Decrypt') - decryptions).toBe(1);
    await fresh();
  });

  it('that flips a bit while it encrypts, or while the answer is verified, gives no answer', async () => {
    // Flipped in the ciphertext, the verification refuses; flipped in what is verified, the comparison does.
    await holds('C_Encrypt', 'flip 1', both(INTERNAL), 'encrypt');
    module.faults('C_Decrypt flip 1');
    expect(said(await encrypt())).toBe('InternalException cdivMismatch');
    module.faults();
    await well();
  });

  it('whose random numbers are zeros, or missing, gives no answer', async () => {
    await fresh();
    module.faults('C_GenerateRandom zero');
    expect(said(await encrypt())).toBe('InternalException randomRepeats');
    module.faults();
    await well();
    await fresh();
    module.faults('C_GenerateRandom 0x121');
    expect(said(await encrypt())).toBe('InternalException CKR_RANDOM_NO_RNG');
    module.faults();
    await well();
  });

  it('that fails while keys are searched for says so, and never that there is no key', async () => {
    for (const call of ['C_FindObjectsInit', 'C_FindObjects', 'C_GetAttributeValue'])
      for (const code of ['0x5', '0x30', '0xe0', '0x101']) {
        await fresh();
        hsm.forgetKeys();
        module.faults(`${call} ${code}`);
        expect([call, code, name(said(await encrypt()))]).toEqual([call, code, INTERNAL]);
        expect(name(said(await hsm.describe(choice('nile'))))).toBe(INTERNAL);
        module.faults();
        await well();
      }
  });

  it('that ends its sessions underneath is logged in to again, once', async () => {
    await fresh();
    const logins = module.calls('C_Login');
    // The session is gone, and the one in its place belongs to nobody.
    module.faults('C_EncryptInit 0xb3 1', 'C_GetSessionInfo 0x101 1');
    expect(said(await encrypt())).toBe('InternalException CKR_USER_NOT_LOGGED_IN');
    module.faults();
    await well();
    expect(module.calls('C_Login') - logins).toBe(1);
  });

  it.each(['C_EncryptInit', 'C_Encrypt', 'C_DecryptInit', 'C_Decrypt', 'C_GenerateRandom', 'C_FindObjects'])(
    'that aborts in %s costs one process, and what it was doing',
    async (call) => {
      await fresh({ sessions: 2, processes: 2, queue: 100, deadlineMs: 10_000, hungMs: 20_000 });
      hsm.forgetKeys();
      module.faults(`${call} crash 1`);
      expect(said(await hsm.encrypt({ key: choice('nile'), plaintext: PLAINTEXT, aad: AAD, wantsCdiv: true }))).toMatch(
        // A search that crashes is done again by the other process.
        call === 'C_FindObjects' ? /^ok$/ : /^InternalException processEnded$/,
      );
      const aborts = () => hsm.events.filter(({ what, why }) => what === 'ended' && why.includes('SIGABRT')).length;
      // The other process may have answered before this one's end is seen.
      await until(() => aborts() > 0, 'the end of the process is seen');
      await well();
      expect(aborts()).toBe(1);
    },
  );

  it.each(['C_EncryptInit', 'C_Encrypt', 'C_DecryptInit', 'C_Decrypt', 'C_GenerateRandom', 'C_FindObjects'])(
    'that hangs in %s is answered for at the deadline, and its thread replaced while the others serve',
    async (call) => {
      // The deadline is for the one that hangs: on a busy machine the others must not meet it.
      await fresh({ sessions: 2, processes: 1, queue: 100, deadlineMs: 1000, hungMs: 1500 });
      hsm.forgetKeys();
      module.faults(`${call} hang 1`);
      // The one search that hangs may also be that for the health key; then the order has another thread.
      const wanted =
        call === 'C_FindObjects' ? /^(DependencyTimeoutException deadline|ok)$/ : /^DependencyTimeoutException deadline$/;
      expect(said(await encrypt())).toMatch(wanted);
      expect(Buffer.from(good(await decrypt(await seal())).plaintext)).toEqual(PLAINTEXT);
      await until(() => hsm.events.some(({ what, why }) => what === 'condemned' && why === 'hung'), 'the thread counts as hung');
      await until(() => hsm.events.some(({ what }) => what === 'ended'), 'the old process is gone');
      await well();
      expect(hsm.state().sessions).toEqual({ wanted: 2, ready: 2, busy: 0, hung: 0 });
    },
  );

  it('that is slow is waited for until the deadline; its late answers are dropped and its thread comes back', async () => {
    await fresh({ sessions: 1, processes: 1, queue: 100, deadlineMs: 1000, hungMs: 20_000 });
    const sealed = await seal();
    module.faults('C_Encrypt delay 2000000');
    expect(said(await encrypt())).toBe('DependencyTimeoutException deadline');
    module.faults();
    await until(async () => said(await decrypt(sealed)) === 'ok', 'the thread comes back');
    expect(hsm.state().counts).toMatchObject({ workersReplaced: 0 });
    expect(hsm.state().counts.timeouts).toBeGreaterThan(0);
  });

  it.each([
    ['C_Initialize', '0x30'],
    ['C_GetSlotList', '0x5'],
    ['C_OpenSession', '0x30'],
    ['C_OpenSession', '0xb1'],
    ['C_Login', '0x30'],
    ['C_GetTokenInfo', '0xe0'],
    ['C_GetSessionInfo', '0x101'],
    ['C_OpenSession', 'crash'],
    ['C_Login', 'crash'],
  ])('that answers %s with %s while it starts is tried again until it does not', async (call, fault) => {
    await hsm.stop();
    module.faults(`${call} ${fault} 2`);
    hsm = open();
    await serving(hsm);
    await well();
    expect(hsm.events.filter(({ what }) => what === 'ended').length).toBeGreaterThan(0);
  });

  it('that has no room for the sessions of two processes gets the old ones back before the new ones are opened', async () => {
    await fresh();
    module.faults('C_EncryptInit 0x30 1', 'C_OpenSession 0xb1 1');
    expect(said(await encrypt())).toBe('InternalException CKR_DEVICE_ERROR');
    await well();
    const [old] = hsm.events.filter(({ what }) => what === 'started').map(({ pid }) => pid);
    const story = hsm.events.map(({ what, pid }) => (pid === old ? `old ${what}` : what));
    expect(story.indexOf('old ended')).toBeGreaterThan(story.indexOf('old condemned'));
    expect(story.indexOf('old ended')).toBeLessThan(story.lastIndexOf('ready'));
    expect(hsm.state().sessions).toMatchObject({ wanted: 1, ready: 1 });
  });

  it('that hangs when it is asked to log out is ended all the same', async () => {
    await fresh();
    module.faults('C_Logout hang', 'C_CloseAllSessions hang', 'C_CloseSession hang');
    await hsm.kill();
    await until(() => hsm.events.filter(({ what }) => what === 'ended').length === 1, 'the process is gone');
    expect(hsm.state()).toMatchObject({ condition: 'killed', sessions: { ready: 0 } });
    expect(said(await encrypt())).toBe('InvalidStateException killed');
    module.faults();
    hsm.arm();
    await well();
  });
});
