import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWrap, verb } from '../../core/cli/wrap';
import type { KeySpec, Purpose } from '../../core/keys/spec';
import { sha256Bytes } from '../../core/pack/sha256';
import { childEnvironment } from '../../core/pkcs11/environment';
import { forkTokenProcess } from '../../core/pkcs11/fork';
import type { TokenProcess } from '../../core/station/port';
import type { TokenFolder } from '../../core/rehearsal/softhsm';
import { foreignUnwrap } from '../core/wrapping/foreign-unwrap';
import { makePlaces, makeWrapper, type Places, type Wrapper } from '../core/wrapping/wrapping-ground';
import { buildTokenChild, type BuiltChild } from './build-child';
import { bytes, hasSoftHsm, makeFolder, makeOpenToken, must, PROFILES_FOLDER, SO_PIN, USER_PIN } from './ground';
import { runWords } from '../core/cli/run-verb';

describe.skipIf(!hasSoftHsm)('keyrite wrap, on SoftHSM', () => {
  let built: BuiltChild;
  let folder: TokenFolder;
  let remove: () => Promise<void>;
  let places: Places;
  let wrapper: Wrapper;
  let files: Readonly<Record<'spki' | 'pin' | 'soPin' | 'wrongPin', string>>;
  let count = 0;

  /** Runs `act` on the open token, in a token child of its own: the verb has its own, and one login at a time is enough. */
  async function onToken<T>(act: (port: TokenProcess['port']) => Promise<T>): Promise<T> {
    const environment = childEnvironment(process.env, ['SOFTHSM2_CONF']);
    const { port, stop } = forkTokenProcess({ script: built.script, profilesFolder: PROFILES_FOLDER, environment });
    try {
      return await act(port);
    } finally {
      await stop();
    }
  }

  async function makeKey(port: TokenProcess['port'], keySpec: KeySpec, label: string, purpose: Purpose = 'byok'): Promise<void> {
    const ckaId = must(await port.random({ bytes: 16 }));
    must(await port.generate(must(await port.plan({ purpose, keySpec, label, ckaId }))));
  }

  beforeAll(async () => {
    built = await buildTokenChild();
    ({ folder, remove } = await makeFolder());
    process.env['SOFTHSM2_CONF'] = folder.environment.SOFTHSM2_CONF;
    places = await makePlaces();
    wrapper = makeWrapper('RSA_2048');
    files = {
      spki: await places.lay('wrapping-key.der', wrapper.spki),
      pin: await places.lay('co.pin', Buffer.from(`${USER_PIN}\n`)),
      soPin: await places.lay('so.pin', Buffer.from(SO_PIN)),
      wrongPin: await places.lay('wrong.pin', Buffer.from('00000000')),
    };
    await onToken(async (port) => {
      await makeOpenToken(port, folder, 'wrap-verb');
      await makeKey(port, 'AES_256', 'root');
      await makeKey(port, 'ECC_NIST_P384', 'pair');
      await makeKey(port, 'ECC_NIST_P256', 'defective');
      await makeKey(port, 'AES_256', 'resident', 'resident');
    });
  }, 120_000);

  afterAll(async () => {
    await built.remove();
    await places.remove();
    await remove();
  });

  async function wrap(label: string, keySpec: string, algorithm: string, ...args: string[]) {
    const there = { wrapChild: '', tokenChild: built.script, profilesFolder: PROFILES_FOLDER };
    const file = join(places.folder, `blob-${++count}`);
    const given = ['--spki', files.spki, '--out', file, '--hsm-label', label, '--key-spec', keySpec, '--algorithm', algorithm];
    const words = [...given, '--profile', 'softhsm', '--token-label', 'wrap-verb', ...args];
    return { file, ...(await runWords({ ...verb, run: (context) => runWrap(context, there) }, words)) };
  }

  const inventory = () =>
    onToken(async (port) => {
      const tokens = must(await port.list({ modulePath: folder.modulePath, profile: 'softhsm' }));
      const { serial, label } = tokens.find((token) => token.label === 'wrap-verb')!;
      must(await port.open({ modulePath: folder.modulePath, profile: 'softhsm', serial, label }));
      must(await port.login({ user: 'user', pin: bytes(USER_PIN) }));
      return must(await port.inventory()).map((entry) => `${entry.label} ${entry.class} ${entry.digest}`);
    });

  it('imports the wrapping key, wraps a secret key under it, and leaves the token as it was', async () => {
    const before = await inventory();
    const pins = ['--pin-file', files.pin, '--so-pin-file', files.soPin];
    const { code, out, err, file } = await wrap('root', 'SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', ...pins, '--json');
    expect([code, err]).toEqual([0, '']);
    const blob = await readFile(file);
    const material = foreignUnwrap('OpenSSL', 'RSAES_OAEP_SHA_1', wrapper.privateKey, blob);
    expect(material).toHaveLength(32);
    expect(JSON.parse(out)).toMatchObject({
      madeIn: 'hsm',
      mechanism: 'CKM_RSA_PKCS_OAEP',
      leftOver: '',
      blobs: [{ file, bytes: 256, sha256: sha256Bytes(blob), spkiSha256: sha256Bytes(wrapper.spki) }],
    });
    expect(await inventory()).toEqual(before);
  });

  it('wraps a private key in two steps, and removes both objects that were made for it', async () => {
    const before = await inventory();
    const pins = ['--pin-file', files.pin, '--so-pin-file', files.soPin];
    const { code, out, file } = await wrap('pair', 'ECC_NIST_P384', 'RSA_AES_KEY_WRAP_SHA_1', ...pins);
    expect(code).toBe(0);
    expect(out).toMatch(/Made in +the HSM \(CKM_/);
    const material = foreignUnwrap('OpenSSL', 'RSA_AES_KEY_WRAP_SHA_1', wrapper.privateKey, await readFile(file));
    expect(material[0]).toBe(0x30);
    expect(await inventory()).toEqual(before);
  });

  it('uses a wrapping key that is there already, and only if it is the one in the file', async () => {
    const other = makeWrapper('RSA_2048');
    await onToken(async (port) => {
      const tokens = must(await port.list({ modulePath: folder.modulePath, profile: 'softhsm' }));
      const { serial, label } = tokens.find((token) => token.label === 'wrap-verb')!;
      must(await port.open({ modulePath: folder.modulePath, profile: 'softhsm', serial, label }));
      must(await port.login({ user: 'so', pin: bytes(SO_PIN) }));
      for (const [name, { spki }] of Object.entries({ right: wrapper, other }))
        must(
          await port.importWrappingKey({
            spki: new Uint8Array(spki),
            ckaId: Buffer.from(name).toString('hex'),
            label: `kms-${name}`,
            algorithm: 'RSAES_OAEP_SHA_1',
          }),
        );
    });
    const by = (label: string) =>
      wrap('root', 'SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', '--pin-file', files.pin, '--wrapping-key-label', label);
    const right = await by('kms-right');
    expect(right.code).toBe(0);
    expect(foreignUnwrap('OpenSSL', 'RSAES_OAEP_SHA_1', wrapper.privateKey, await readFile(right.file))).toHaveLength(32);
    const wrong = await by('kms-other');
    expect(wrong.code).toBe(2);
    expect(wrong.err).toContain('another than the one in the file');
    expect(await stat(wrong.file).catch(() => null)).toBeNull();
    expect((await by('kms-nowhere')).err).toContain('(key.notFound)');
  });

  it('refuses what the token would get wrong, a key of another kind or not made for BYOK, and a wrong PIN, and writes nothing', async () => {
    const before = await inventory();
    const pins = ['--pin-file', files.pin, '--so-pin-file', files.soPin];
    const refused = async (code: number, text: string, ...args: Parameters<typeof wrap>) => {
      const told = await wrap(...args);
      expect([told.code, told.out]).toEqual([code, '']);
      expect(told.err).toContain(text);
      expect(await stat(told.file).catch(() => null)).toBeNull();
    };
    await refused(1, '(token.wrapDefect)', 'defective', 'ECC_NIST_P256', 'RSA_AES_KEY_WRAP_SHA_1', ...pins);
    await refused(1, '(key.notFound)', 'nobody', 'HMAC_256', 'RSAES_OAEP_SHA_1', ...pins);
    await refused(1, '(key.attributeDiffers)', 'root', 'HMAC_512', 'RSAES_OAEP_SHA_1', ...pins);
    await refused(1, '(key.attributeDiffers)', 'resident', 'SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', ...pins);
    await refused(2, 'Keyrite makes no ECC_SECG_P256K1 keys', 'root', 'ECC_SECG_P256K1', 'RSAES_OAEP_SHA_1', ...pins);
    const wrong = ['--pin-file', files.wrongPin, '--so-pin-file', files.soPin];
    await refused(1, '(token.pinIncorrect)', 'root', 'SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', ...wrong);
    await refused(1, '(token.notFound)', 'root', 'SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', ...pins, '--token-label', 'nowhere');
    expect(await inventory()).toEqual(before);
  });
});
