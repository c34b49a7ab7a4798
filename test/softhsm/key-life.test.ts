import { createHash, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffInventory } from '../../core/keys/inventory';
import { legalCombinations } from '../../core/keys/policy';
import { isPair, SPEC_FACTS } from '../../core/keys/spec-facts';
import type { TokenPort } from '../../core/pkcs11/port';
import { openTokenPort } from '../../core/pkcs11/token';
import { makeFolder, makeOpenToken, must, profiles, hasSoftHsm } from './ground';

describe.skipIf(!hasSoftHsm)('the life of a key on SoftHSM', () => {
  let port: TokenPort;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const made = await makeFolder();
    remove = made.remove;
    process.env['SOFTHSM2_CONF'] = made.folder.environment.SOFTHSM2_CONF;
    port = openTokenPort(profiles);
    await makeOpenToken(port, made.folder, 'key-life');
  });

  afterAll(async () => {
    await port.close();
    await remove();
  });

  it.each(legalCombinations())(
    'of $purpose $keySpec: planned, made, read back, refused, used, destroyed',
    async ({ purpose, keySpec }) => {
      const label = `${purpose}-${keySpec}`;
      const ckaId = must(await port.random({ bytes: 16 }));
      expect(must(await port.preflight({ purpose, keySpec, label, ckaId })).filter((check) => !check.ok)).toEqual([]);
      const before = must(await port.inventory());
      const plan = must(await port.plan({ purpose, keySpec, label, ckaId }));

      must(await port.generate(plan));
      const faults = must(await port.readBack(plan)).flatMap((reading) => reading.rows.filter((row) => !row.ok));
      expect(faults).toEqual([]);
      expect(must(await port.readBackInSecondSession(plan))).toEqual(must(await port.readBack(plan)));
      const refusals = must(await port.negativeTests(plan));
      expect(refusals.filter((check) => !check.ok)).toEqual([]);
      expect(refusals.map((check) => check.rule)).toEqual(
        expect.arrayContaining(['CER-VALUE-HIDDEN', 'CER-WRAP-REFUSED', 'CER-MECHANISM-REFUSED']),
      );
      expect(refusals.filter((check) => check.got.startsWith('not provable'))).toEqual([]);

      const used = must(await port.functionalTest(plan));
      expect(used).toMatchObject({ ok: true, challengeSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
      const value = must(await port.checkValue(plan));
      expect(must(await port.checkValue(plan))).toEqual(value);
      const spki = must(await port.publicKey(plan));
      expect(spki !== null).toBe(isPair(keySpec));
      if (spki) {
        expect(value).toEqual({ method: 'SPKI-SHA256', value: createHash('sha256').update(spki).digest('hex') });
        const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
        expect(key.export({ format: 'der', type: 'spki' })).toEqual(Buffer.from(spki));
        expect(key.asymmetricKeyType).toBe(SPEC_FACTS[keySpec].family);
      } else {
        expect(value.value).toMatch(/^[0-9A-F]{6}$/);
      }

      const verdicts = must(await port.audit()).filter((key) => key.ckaId === ckaId);
      expect(verdicts.map((key) => [key.verdict, key.purpose.includes(purpose)])).toEqual(plan.objects.map(() => ['fits', true]));
      const delta = diffInventory(before, must(await port.inventory()));
      expect(delta.added.map((entry) => [entry.class, entry.ckaId, entry.label])).toEqual(
        expect.arrayContaining(plan.objects.map((object) => [object.class, ckaId, label])),
      );
      expect([delta.added.length, delta.removed.length, delta.changed.length]).toEqual([plan.objects.length, 0, 0]);

      expect(must(await port.destroy({ ckaId, label })).destroyed).toBe(plan.objects.length);
      expect(must(await port.inventory())).toEqual(before);
    },
  );
});
