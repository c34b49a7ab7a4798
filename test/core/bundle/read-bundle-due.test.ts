import { afterAll, describe, expect, it } from 'vitest';
import { readBundle } from '../../../core/bundle/read-bundle';
import { writeBundle } from '../../../core/bundle/write-bundle';
import { approvalText } from '../../../core/evidence/signed-text';
import { signText } from '../evidence/sample-transcript';
import {
  AA,
  AO,
  backExpectation,
  backFacts,
  backMedium,
  CO1,
  CO2,
  hex,
  known,
  medium,
  outExpectation,
  outMedium,
  removeMedia,
  sampleBack,
  sampleOut,
  signed,
  value,
} from './sample-bundle';
import { flipped, forged, refusal, spoilt } from './spoil-bundle';

afterAll(removeMedia);

describe('the strict reader takes in what is signed, due and in time, and refuses', () => {
  describe('of the signatures', () => {
    const signatures = (change: (lines: Record<string, string>[]) => object[]) =>
      forged((manifest) => ({ ...manifest, signatures: change(manifest['signatures'] as Record<string, string>[]) }));

    it.each([
      ['all gone', signatures(() => []), /Nobody signed/],
      ['one gone', signatures((lines) => lines.slice(1)), /1 of 2 people/],
      ['one given twice', signatures((lines) => [lines[0]!, lines[0]!]), /given twice/],
      ['one flipped', signatures(([a, b]) => [{ ...a, signature: flipped(a!['signature']!) }, b!]), /does not verify/],
      ['one exchanged', signatures(([a, b]) => [{ ...a, signature: b!['signature'] }, b!]), /does not verify/],
      ['another name over one', signatures(([a, b]) => [{ ...a, name: 'Somebody Else' }, b!]), /not among those/],
      ['another seat over one', signatures(([a, b]) => [{ ...a, seat: 'CA' }, b!]), /not among those/],
      [
        'another key over one',
        signatures(([a, b]) => [{ ...a, publicKey: CO1.participant.publicKey }, b!]),
        /cannot be believed/,
      ],
      [
        'a key that anybody can sign for',
        signatures(([a, b]) => [{ ...a, publicKey: Buffer.alloc(32).toString('base64') }, b!]),
        /cannot be believed/,
      ],
      ['a signature that is not base64', signatures(([a, b]) => [{ ...a, signature: 'A' }, b!]), /does not verify/],
    ])('%s', async (_, spoil, problem) => {
      expect(await spoilt(spoil)).toMatchObject(refusal('bundle.unsigned', problem));
    });

    it('a signature over the other direction does not count: the gate is part of what is signed', async () => {
      const { prepared } = await outMedium();
      const other = signText(AO.key, approvalText(prepared.manifest.genesis, 'back', prepared.digest));
      const [first] = signed(prepared, AO);
      expect(await writeBundle(await medium(), prepared, [{ ...first!, signature: other }])).toMatchObject(
        refusal('bundle.unsigned'),
      );
    });

    it.each([
      [
        'of somebody this station does not know',
        { signers: { known: known(AO, CO2), atLeast: 1, of: ['AO', 'AA'] } },
        /not known/,
      ],
      [
        'under a name that is not the one known here',
        { signers: { known: known(AO, AA).map((one) => ({ ...one, name: 'Zoë' })), atLeast: 1, of: ['AO'] } },
        /known here as the one of Zoë/,
      ],
      ['of too few', { signers: { known: known(AO, AA), atLeast: 3, of: ['AO', 'AA'] } }, /2 of 3/],
      ['of seats that do not count', { signers: { known: known(AO, AA), atLeast: 1, of: ['CO'] } }, /0 of 1 people of CO/],
    ])('%s', async (_, changes, problem) => {
      expect(await spoilt(async () => undefined, outExpectation(changes))).toMatchObject(refusal('bundle.unsigned', problem));
    });

    it('a credential for rehearsals signs no production bundle', async () => {
      const folder = await medium();
      const prepared = sampleOut({ runMode: 'production' });
      value(await writeBundle(folder, prepared, signed(prepared, AO, AA)));
      const officers = known(AO, AA);
      const expected = (rehearsal: boolean) =>
        outExpectation({
          runMode: 'production',
          signers: { known: officers.map((one) => ({ ...one, rehearsal })), atLeast: 2, of: ['AO', 'AA'] },
        });
      expect(await readBundle(folder, expected(true))).toMatchObject(refusal('bundle.unsigned', /credential for rehearsals/));
      expect((await readBundle(folder, expected(false))).ok).toBe(true);
    });

    it('one person in two seats is one person', async () => {
      const twice = [AO, { key: AO.key, participant: { ...AO.participant, seat: 'AA' } }];
      const approvers = twice.map(({ participant: { seat, officer, name } }) => ({ seat, officer, name }));
      const prepared = sampleOut({ approvers });
      const folder = await medium();
      value(await writeBundle(folder, prepared, signed(prepared, ...twice)));
      expect(await readBundle(folder, outExpectation())).toMatchObject(refusal('bundle.unsigned', /1 of 2 people/));
    });
  });

  describe('of what is due', () => {
    it.each([
      ['the other run mode', outExpectation({ runMode: 'production' }), 'bundle.wrongMode'],
      ['another ceremony', outExpectation({ ceremonyId: 'byok-2026-11-22-ffff' }), 'bundle.otherCeremony'],
      ['another script', outExpectation({ scriptSha256: hex('other') }), 'bundle.otherCeremony'],
      ['another key', outExpectation({ keyArns: ['arn:aws:kms:eu-central-1:111122223333:key/x'] }), 'bundle.otherCeremony'],
      ['another key spec', outExpectation({ keySpec: 'HMAC_256' }), 'bundle.otherCeremony'],
      [
        'another wrapping',
        outExpectation({ wrapping: { algorithm: 'RSAES_OAEP_SHA_1', wrappingKeySpec: 'RSA_2048' } }),
        'bundle.otherCeremony',
      ],
      [
        'another wrapping key spec',
        outExpectation({ wrapping: { algorithm: 'RSAES_OAEP_SHA_256', wrappingKeySpec: 'RSA_4096' } }),
        'bundle.otherCeremony',
      ],
    ])('%s', async (_, expected, code) => {
      expect(await spoilt(async () => undefined, expected)).toMatchObject(refusal(code));
    });

    it('OUT where BACK is due, and the reverse', async () => {
      const out = await outMedium();
      const back = await backMedium(out.prepared);
      expect(await readBundle(out.folder, backExpectation(out.prepared.manifest))).toMatchObject(refusal('bundle.wrongKind'));
      expect(await readBundle(back.folder, outExpectation())).toMatchObject(refusal('bundle.wrongKind'));
    });

    it('what the station cannot know is not compared', async () => {
      const open = outExpectation({ ceremonyId: null, keyArns: null, keySpec: null, wrapping: null });
      expect((await spoilt(async () => undefined, open)).ok).toBe(true);
    });

    it('a BACK bundle that answers another OUT bundle', async () => {
      const out = await outMedium();
      const { folder } = await backMedium(sampleOut({ createdUtc: '2026-11-22T08:00:00.000Z' }));
      expect(await readBundle(folder, backExpectation(out.prepared.manifest))).toMatchObject({
        ok: false,
        error: { code: 'bundle.otherCeremony', detail: { what: 'digest of the OUT bundle' } },
      });
    });

    it('a BACK bundle that names the right OUT bundle but another token', async () => {
      const out = await outMedium();
      const sets = out.prepared.manifest.sets.map((set) => ({ ...set, importTokenSha256: hex('other token') }));
      const prepared = sampleBack({ ...out.prepared, manifest: { ...out.prepared.manifest, sets } }, backFacts(out.prepared));
      const folder = await medium();
      value(await writeBundle(folder, prepared, signed(prepared, CO1, CO2)));
      expect(await readBundle(folder, backExpectation(out.prepared.manifest))).toMatchObject({
        ok: false,
        error: { code: 'bundle.otherCeremony', detail: { what: 'set 1' } },
      });
    });
  });

  describe('of time', () => {
    const at = (now: string, marginHours = 4) =>
      outExpectation({ clock: { nowMs: Date.parse(now), marginMs: marginHours * 3_600_000 } });

    it('a set is refused from its last safe time on, not a moment earlier', async () => {
      expect((await spoilt(async () => undefined, at('2026-11-23T04:57:59.999Z'))).ok).toBe(true);
      expect(await spoilt(async () => undefined, at('2026-11-23T04:58:00.000Z'))).toMatchObject({
        ok: false,
        error: {
          code: 'bundle.expired',
          detail: { parametersValidTo: '2026-11-23T08:58:00.000Z', lastSafe: '2026-11-23T04:58:00.000Z' },
        },
      });
      expect((await spoilt(async () => undefined, at('2026-11-23T04:58:00.000Z', 1))).ok).toBe(true);
    });

    it('a clock that is behind is told from a set that is old', async () => {
      expect((await spoilt(async () => undefined, at('2026-11-22T08:55:00.000Z'))).ok).toBe(true);
      expect(await spoilt(async () => undefined, at('2026-11-22T08:54:59.999Z'))).toMatchObject(refusal('bundle.clockBehind'));
    });
  });
});
