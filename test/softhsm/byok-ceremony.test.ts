import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CeremonyView } from '../../core/ceremony/view-model';
import { verifyPack } from '../../core/pack/verify';
import { buildEntries, type BuiltEntries } from './build-child';
import { openRoom, type OpenStation } from './byok-stations';
import { hasSoftHsm, must } from './ground';

let built: BuiltEntries;
beforeAll(async () => {
  built = await buildEntries({ 'token-child': 'core/pkcs11/child/main.ts' });
});
afterAll(() => built.remove());

const room = () => openRoom(built.path('token-child'));

interface Line {
  readonly type: string;
  readonly data: { readonly operation?: string; readonly ok?: boolean; readonly data?: Readonly<Record<string, unknown>> };
  readonly hash: string;
}

async function transcript({ evidence }: OpenStation, ceremonyId: string): Promise<Line[]> {
  const text = await readFile(join(evidence, ceremonyId, 'transcript.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}

async function resultOf(one: OpenStation, ceremonyId: string, operation: string): Promise<Readonly<Record<string, unknown>>> {
  const lines = await transcript(one, ceremonyId);
  return (
    lines.findLast(({ type, data }) => type === 'result' && data.operation === operation && data.ok === true)?.data.data ?? {}
  );
}

const exceptionsOf = (view: CeremonyView) => view.exceptions.map(({ happened }) => happened);

describe.skipIf(!hasSoftHsm)('the BYOK ceremony', () => {
  it.each([
    ['AES_256', 'RSAES_OAEP_SHA_1', 'RSA_4096'],
    ['HMAC_384', 'RSAES_OAEP_SHA_1', 'RSA_3072'],
    ['ECC_NIST_P384', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048'],
  ])('on one station imports %s and proves it', async (keySpec, wrappingAlgorithm, wrappingKeySpec) => {
    const { open, aws } = await room();
    const one = await open('station');
    must(await one.start('byok', { keySpec, wrappingAlgorithm, wrappingKeySpec }));
    const view = must(await one.play(one.station));
    expect([view.outcome, exceptionsOf(view)]).toEqual(['completed', []]);
    await one.station.leave();
    expect(await verifyPack(join(one.evidence, view.ceremonyId))).toMatchObject({ ok: true, judged: true });
    const kms = must(await aws.kms({ region: 'eu-central-1', runMode: 'rehearsal', as: 'administrator' }));
    const keys = must(await kms.listKeys()).value;
    expect(keys).toHaveLength(1);
    expect(must(await kms.describeKey(keys[0]?.keyId ?? '')).value).toMatchObject({ state: 'Enabled', origin: 'EXTERNAL' });
  });

  it('on two stations chains two packs by the bundles, and the token of KMS is in neither', async () => {
    const { open } = await room();
    const [online, offline] = [await open('online'), await open('offline')];
    const inputs = { keySpec: 'HMAC_256', wrappingKeySpec: 'RSA_2048' };
    must(await online.start('byok', { ...inputs, leg: 'online' }));
    expect(await online.play(online.station)).toMatchObject({ ok: false, error: { code: 'bundle.notFound' } });

    must(await offline.start('byok', { ...inputs, leg: 'offline' }));
    const wrapped = must(await offline.play(offline.station));
    await offline.station.leave();
    const imported = must(await online.play(online.station));
    await online.station.leave();

    expect([wrapped.outcome, exceptionsOf(wrapped)]).toEqual(['completed', []]);
    expect([imported.outcome, exceptionsOf(imported)]).toEqual(['completed', []]);
    const [on, off] = [await transcript(online, imported.ceremonyId), await transcript(offline, wrapped.ceremonyId)];
    const takenIn = await resultOf(offline, wrapped.ceremonyId, 'bundle.readOut');
    const takenBack = await resultOf(online, imported.ceremonyId, 'bundle.readBack');
    expect(takenIn).toMatchObject({ from: imported.ceremonyId, genesis: on[0]?.hash });
    expect(takenBack).toMatchObject({ from: wrapped.ceremonyId, genesis: off[0]?.hash });
    expect(on.map(({ hash }) => hash)).toContain(takenIn['prevHead']);
    expect(off.map(({ hash }) => hash)).toContain(takenBack['prevHead']);
    for (const [one, id] of [
      [online, imported.ceremonyId],
      [offline, wrapped.ceremonyId],
    ] as const)
      expect(await verifyPack(join(one.evidence, id))).toMatchObject({ ok: true, judged: true, outcome: 'completed' });
  });
});
