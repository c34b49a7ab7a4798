import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWrap, verb } from '../../../core/cli/wrap';
import { sha256Bytes } from '../../../core/pack/sha256';
import { buildEntries, type BuiltEntries } from '../../softhsm/build-child';
import { foreignUnwrap } from '../wrapping/foreign-unwrap';
import { makePlaces, makeWrapper, type Places, type Wrapper } from '../wrapping/wrapping-ground';
import { runWords } from './run-verb';

describe('keyrite wrap', () => {
  let built: BuiltEntries;
  let places: Places;
  let wrapper: Wrapper;
  let spki: string;
  let count = 0;

  beforeAll(async () => {
    built = await buildEntries({ 'wrap-child': 'core/wrapping/child/main.ts' });
    places = await makePlaces();
    wrapper = makeWrapper('RSA_2048');
    spki = await places.lay('wrapping-key.der', wrapper.spki, 0o644);
  }, 60_000);

  afterAll(async () => {
    await built.remove();
    await places.remove();
  });

  const wrap = (...words: string[]) => {
    const wrapPlaces = {
      wrapChild: built.path('wrap-child'),
      tokenChild: join(places.folder, 'no-token-child.mjs'),
      profilesFolder: join(import.meta.dirname, '../../../resources/profiles'),
    };
    return runWords({ ...verb, run: (context) => runWrap(context, wrapPlaces) }, words);
  };

  const newName = (): string => join(places.folder, `blob-${++count}`);
  const forAes = ['--algorithm', 'RSAES_OAEP_SHA_256', '--key-spec', 'SYMMETRIC_DEFAULT'];
  const open = async (path: string) => foreignUnwrap('OpenSSL', 'RSAES_OAEP_SHA_256', wrapper.privateKey, await readFile(path));

  it('wraps material of a file, says where it was and what to compare, and warns of the clear file', async () => {
    const material = randomBytes(32);
    const path = await places.lay('material.bin', material);
    const out = newName();
    const { code, out: said, err } = await wrap('--spki', spki, ...forAes, '--in', path, '--out', out);
    expect(code).toBe(0);
    expect(await open(out)).toEqual(material);
    expect(said).toContain('SOFTWARE: the key was in the memory of this computer');
    expect(said).toContain(sha256Bytes(await readFile(out)));
    expect(said).toContain(sha256Bytes(wrapper.spki));
    expect(err).toContain('The clear key is still in its file');
    expect((await stat(out)).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
  });

  it('wraps new material once for each wrapping key, and warns where nobody has a copy', async () => {
    const other = makeWrapper('RSA_3072');
    const second = await places.lay('own.der', other.spki);
    const outs = [newName(), newName()];
    const both = ['--spki', spki, '--out', outs[0]!, '--spki', second, '--out', outs[1]!];
    const pair = await wrap(...both, ...forAes, '--generate', '--json');
    expect([pair.code, pair.err]).toEqual([0, '']);
    const material = await open(outs[0]!);
    expect(material).toHaveLength(32);
    expect(foreignUnwrap('OpenSSL', 'RSAES_OAEP_SHA_256', other.privateKey, await readFile(outs[1]!))).toEqual(material);
    expect(JSON.parse(pair.out)).toMatchObject({
      ok: true,
      madeIn: 'software',
      keySpec: 'SYMMETRIC_DEFAULT',
      algorithm: 'RSAES_OAEP_SHA_256',
      publicKey: null,
      checkValue: { method: 'CMAC' },
      blobs: [
        { file: outs[0], bytes: 256, wrappingKeySpec: 'RSA_2048', spkiSha256: sha256Bytes(wrapper.spki) },
        { file: outs[1], bytes: 384, wrappingKeySpec: 'RSA_3072', spkiSha256: sha256Bytes(other.spki) },
      ],
    });
    const alone = await wrap('--spki', spki, '--out', newName(), ...forAes, '--generate');
    expect(alone.err).toContain('Nobody has a copy of this key.');
  });

  it('refuses what cannot be used with a sentence, before there is any material', async () => {
    const out = newName();
    const nowhere = ['--in', join(places.folder, 'nowhere')];
    const said = async (...args: string[]) => {
      const { code, out: data, err } = await wrap(...args);
      expect([code, data]).toEqual([2, '']);
      return err;
    };
    const pem = await places.lay('wrapping-key.pem', Buffer.from('-----BEGIN PUBLIC KEY-----\nMIIB\n'));
    const base = ['--spki', spki, '--out', out];
    expect(await said(...base, ...forAes)).toContain('One of --in FILE, --generate, --hsm-label LABEL.');
    expect(await said(...base, ...forAes, '--generate', ...nowhere)).toContain('What is to be wrapped?');
    expect(await said('--out', out, ...forAes, ...nowhere)).toContain('For which wrapping key?');
    expect(await said('--spki', spki, ...forAes, ...nowhere)).toContain('There are 1 --spki and 0 --out');
    expect(await said('--spki', pem, '--out', out, ...forAes, ...nowhere)).toContain('This is PEM text.');
    expect(await said('--spki', join(places.folder, 'none'), '--out', out, ...forAes, ...nowhere)).toContain('ENOENT');
    expect(await said(...base, '--algorithm', 'RSAES_OAEP_SHA256', '--key-spec', 'HMAC_256', ...nowhere)).toContain(
      'Did you mean "RSAES_OAEP_SHA_256"?',
    );
    expect(await said(...base, '--algorithm', 'RSAES_OAEP_SHA_256', ...nowhere)).toContain('Which --key-spec?');
    expect(await said(...base, '--algorithm', 'RSAES_OAEP_SHA_256', '--key-spec', 'RSA_2048', ...nowhere)).toContain(
      'WRAP-RSA-BY-KEY-WRAP',
    );
    expect(await said(...base, '--spki-sha256', '00'.repeat(32), ...forAes, ...nowhere)).toContain(
      'not the wrapping key that was announced',
    );
    expect(await said(...base, ...base, ...forAes, ...nowhere)).toContain('Two --out name the same file.');
    expect(await said(...base, ...forAes, ...nowhere)).toContain('(file.notFound)');
    expect(await stat(out).catch(() => null)).toBeNull();
    const json = async (...args: string[]) => JSON.parse((await wrap(...base, ...forAes, ...args, '--json')).out) as unknown;
    expect(await json()).toMatchObject({ ok: false, error: { code: 'input.invalid' } });
    expect(await json(...nowhere)).toMatchObject({ ok: false, error: { code: 'file.notFound' } });
  });

  it('takes the digest that was read out, in either case, and AES_256 for SYMMETRIC_DEFAULT', async () => {
    const digest = sha256Bytes(wrapper.spki).toUpperCase();
    const args = ['--algorithm', 'RSAES_OAEP_SHA_256', '--key-spec', 'AES_256', '--generate', '--json'];
    const { code, out } = await wrap('--spki', spki, '--spki-sha256', digest, '--out', newName(), ...args);
    expect([code, (JSON.parse(out) as { keySpec: string }).keySpec]).toEqual([0, 'SYMMETRIC_DEFAULT']);
  });

  it('overwrites nothing, and writes all blobs or none', async () => {
    const there = newName();
    await writeFile(there, 'precious');
    const { code, err } = await wrap('--spki', spki, '--out', there, ...forAes, '--generate');
    expect([code, await readFile(there, 'utf8')]).toEqual([2, 'precious']);
    expect(err).toContain('nothing is overwritten');
    const first = newName();
    const lost = join(places.folder, 'no-such-folder', 'blob');
    const half = await wrap('--spki', spki, '--out', first, '--spki', spki, '--out', lost, ...forAes, '--generate');
    expect([half.code, await stat(first).catch(() => null)]).toEqual([2, null]);
  });

  it('asks for what a token needs, and names a module that is not there', async () => {
    const pin = await places.lay('pin', Buffer.from('1234\n'));
    const openPin = await places.lay('open-pin', Buffer.from('1234\n'), 0o644);
    const base = ['--spki', spki, '--out', newName(), ...forAes, '--hsm-label', 'root'];
    const said = async (...args: string[]) => {
      const { code, err } = await wrap(...base, ...args);
      return `${code} ${err}`;
    };
    const softhsm = ['--profile', 'softhsm'];
    expect(await said()).toContain('2 Which kind of module?');
    expect(await said(...softhsm)).toContain('2 How does the crypto officer log in?');
    expect(await said(...softhsm, '--pin-file', pin, '--pin-pad')).toContain('2 How does the crypto officer log in?');
    expect(await said(...softhsm, '--pin-file', pin)).toContain('2 Which wrapping key?');
    expect(await said(...softhsm, '--pin-file', pin, '--wrapping-key-label', 'w', '--so-pin-file', pin)).toContain(
      '2 Which wrapping key?',
    );
    const one = ['--wrapping-key-label', 'w'];
    expect(await said(...softhsm, '--pin-file', openPin, ...one)).toMatch(/^2 [^]*Others can read/);
    expect(await said('--profile', 'nobody', '--pin-file', pin, ...one)).toMatch(/^2 [^]*There is no profile "nobody"/);
    expect(await said('--spki', spki, '--out', newName(), ...softhsm, '--pin-file', pin, ...one)).toContain(
      'one wrapping key is used at a time',
    );
  });
});
