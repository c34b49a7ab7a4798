import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { verb } from '../../../core/cli/bundle';
import { writeBundle } from '../../../core/bundle/write-bundle';
import { openRegistry } from '../../../core/officers/registry';
import { approvalText } from '../../../core/evidence/signed-text';
import { backMedium, medium, outMedium, removeMedia, sampleOut, value } from '../bundle/sample-bundle';
import { runVerb } from './run-verb';

afterAll(removeMedia);

const bundle = (positionals: string[], values: Record<string, string | boolean> = {}) =>
  runVerb(verb, values, positionals, values['colour'] === true);

/** A bundle signed by an officer of a registry that is made for it. */
async function ofRegistry(): Promise<{ folder: string; registry: string }> {
  const registry = await medium();
  const officers = openRegistry(registry);
  const passphrase = () => Buffer.from('a long passphrase of nobody');
  const { id, name, publicKey } = value(await officers.enrol('Amara Nwosu', passphrase(), { rehearsal: true }));
  const prepared = sampleOut({ approvers: [{ seat: 'AO', officer: id, name }] });
  const text = approvalText(prepared.manifest.genesis, 'out', prepared.digest);
  const signature = value(await officers.sign(id, passphrase(), text));
  const folder = await medium();
  value(await writeBundle(folder, prepared, [{ seat: 'AO', officer: id, name, publicKey, signature }]));
  return { folder, registry };
}

describe('keyrite bundle verify', () => {
  it('says that OUT holds, what it is of, until when, the digest in eight rows, and who signed', async () => {
    const out = await outMedium();
    const said = await bundle(['verify', out.folder]);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out.split('\n')[0]).toBe('THE BUNDLE HOLDS');
    for (const words of [
      'OUT: from the online station to the offline one',
      'byok-2026-11-22-a1b2',
      'REHEARSAL: proves practice, not a key',
      'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab',
      'RSAES_OAEP_SHA_256, RSA_2048',
      '2026-11-23T08:58:00.000Z',
      out.bundle.digest,
      'AO  Amara Nwosu, officer',
      'The signers were not compared with anything',
    ])
      expect(said.out).toContain(words);
    expect(said.out).toMatch(/\n {2}8 {2}[0-9a-f]{8} {2}\w+ \w+ \w+ \w+\n/);
  });

  it('says of BACK how the key was wrapped and which OUT bundle it answers', async () => {
    const out = await outMedium(2);
    const { folder } = await backMedium(out.prepared);
    const said = await bundle(['verify', folder]);
    expect(said.code).toBe(0);
    for (const words of [
      'BACK: from',
      'serial 4a1c09d2e0f31b77',
      'A1B2C3 (CMAC)',
      out.bundle.digest,
      'wrapped-key-2.bin, 256 bytes',
    ])
      expect(said.out).toContain(words);
  });

  it('draws the digest as a code with --qr', async () => {
    const { folder, bundle: written } = await outMedium();
    const plain = await bundle(['verify', folder], { qr: true });
    expect(plain.out).toContain(`KEYRITE1:OUT:${written.digest.toUpperCase()}`);
    expect(plain.out.split('\n').filter((line) => /^[█▀▄ ]{41}$/.test(line))).toHaveLength(21);
    const coloured = await bundle(['verify', folder], { qr: true, colour: true });
    expect(coloured.out).toContain('\u001B[97;40m█');
  });

  it('gives one JSON object with --json, whatever the answer', async () => {
    const { folder, bundle: written } = await outMedium();
    expect(JSON.parse((await bundle(['verify', folder], { json: true })).out)).toMatchObject({
      ok: true,
      exitCode: 0,
      digest: written.digest,
      signersCompared: false,
      deadline: { validTo: '2026-11-23T08:58:00.000Z' },
      manifest: { kind: 'byok-out' },
    });
    await writeFile(join(folder, 'extra.txt'), '');
    const spoilt = await bundle(['verify', folder], { json: true });
    expect(spoilt.code).toBe(1);
    expect(JSON.parse(spoilt.out)).toMatchObject({
      ok: false,
      exitCode: 1,
      code: 'bundle.extraFile',
      detail: { name: 'extra.txt' },
    });
    const nothing = await bundle(['verify', await medium()], { json: true });
    expect(nothing).toMatchObject({ code: 2, err: '' });
    expect(JSON.parse(nothing.out)).toMatchObject({ ok: false, exitCode: 2, code: 'bundle.notFound' });
  });

  it('ends with 1 for a bundle that does not hold, and says what, what it means and what to do', async () => {
    const { folder } = await outMedium();
    const path = join(folder, 'wrapping-key.der');
    const bytes = await readFile(path);
    bytes[100]! ^= 1;
    await writeFile(path, bytes);
    const said = await bundle(['verify', folder]);
    expect(said.code).toBe(1);
    expect(said.out.split('\n')[0]).toBe('THE BUNDLE DOES NOT HOLD');
    expect(said.out).toContain('wrapping-key.der: Its SHA-256 is not the one in the manifest.');
    expect(said.out).toContain('never repair one');
  });

  it('ends with 2 where there is no bundle, and says so on stderr alone', async () => {
    const said = await bundle(['verify', join(await medium(), 'none')]);
    expect(said).toMatchObject({ code: 2, out: '' });
    expect(said.err).toContain('NO BUNDLE');
  });

  it('compares the signers with the officers of this station where it is told them', async () => {
    const { folder, registry } = await ofRegistry();
    const said = await bundle(['verify', folder], { officers: registry });
    expect(said.code).toBe(0);
    expect(said.out).toContain('Every signer is an officer of this station.');
    const stranger = await bundle(['verify', (await outMedium()).folder], { officers: registry });
    expect(stranger.code).toBe(1);
    expect(stranger.out).toContain('The key of AO (Amara Nwosu) is not known to this station.');
  });

  it('ends with 2 where there are no officers to compare with', async () => {
    const { folder } = await outMedium();
    for (const officers of [await medium(), join(folder, 'none'), join(folder, 'manifest.json')]) {
      const said = await bundle(['verify', folder], { officers });
      expect(said).toMatchObject({ code: 2, out: '' });
      expect(said.err).toContain('There is no officer in');
    }
  });

  it('knows no other action', async () => {
    expect(await bundle(['open', 'x'])).toMatchObject({ code: 2, err: expect.stringContaining('There is no "bundle open"') });
  });

  it('lets nothing out of a medium repaint the terminal', async () => {
    const { folder } = await outMedium();
    await writeFile(join(folder, 'a\u001b[2Jb'), '').catch(() => undefined);
    expect((await bundle(['verify', folder])).out).not.toContain('\u001b[2J');
  });
});
