import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { certificateRequest } from '../../../core/tls/request';
import { issueForRehearsal } from '../../../core/tls/rehearsal-authority';
import { chainOf, HOST, newGround, NOW, type Ground } from './ground';

let ground: Ground;

beforeAll(async () => {
  ground = await newGround();
});

describe('the practice CA', () => {
  it('says in every subject that it is a rehearsal', () => {
    for (const pem of [ground.authority.rootPem, ground.authority.issuingPem, chainOf(ground)])
      expect(new X509Certificate(pem).subject).toContain('REHEARSAL');
  });

  it('can sign no CA below its own: root one level, issuing CA none', () => {
    for (const pem of [ground.authority.rootPem, ground.authority.issuingPem]) expect(new X509Certificate(pem).ca).toBe(true);
    expect(new X509Certificate(chainOf(ground)).ca).toBe(false);
  });

  it('gives each certificate a number of its own, positive and of 16 bytes', () => {
    const numbers = Array.from({ length: 20 }, () => new X509Certificate(chainOf(ground)).serialNumber);
    expect(new Set(numbers).size).toBe(20);
    for (const each of numbers) expect(each).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('keeps no key of its root: nothing it holds signs as the root does', () => {
    expect(Object.keys(ground.authority).toSorted()).toEqual(['issuingKey', 'issuingPem', 'rootPem']);
    const root = new X509Certificate(ground.authority.rootPem);
    expect(new X509Certificate(chainOf(ground)).verify(root.publicKey)).toBe(false);
  });

  it('signs no request for another host, none whose signature is wrong, and nothing that is none', () => {
    const order = { host: HOST, now: NOW, flaw: null };
    const other = certificateRequest({ key: ground.key, host: 'other.example.com' });
    if (!other.ok) throw new Error(other.error.code);
    const body = ground.requestPem.split('\n');
    // One character near the end: the signature.
    const line = body.at(-4) ?? '';
    const forged = ground.requestPem.replace(line, line.startsWith('A') ? `B${line.slice(1)}` : `A${line.slice(1)}`);
    const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ type: 'spki', format: 'pem' }).toString();
    for (const requestPem of [other.value.pem, forged, key, ''])
      expect(issueForRehearsal(ground.authority, { ...order, requestPem })).toMatchObject({ ok: false });
    expect(issueForRehearsal(ground.authority, { ...order, requestPem: ground.requestPem })).toMatchObject({ ok: true });
  });
});
