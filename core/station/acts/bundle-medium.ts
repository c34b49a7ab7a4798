import { failure, success, type Result } from '../../contract/result';
import type { Bundle } from '../../bundle/inspect';
import { bundleManifest, manifestBytes } from '../../bundle/manifest';
import type { PreparedBundle } from '../../bundle/prepare';
import { rereadBundle, writeBundle } from '../../bundle/write-bundle';
import { sha256Bytes } from '../../pack/sha256';
import { check, facts, outcome, type Act, type ActContext } from './act';
import { signerBlock } from './bundle-facts';
import { bundleSignatures } from './bundle-signatures';
import { ownArtefact, ownArtefacts } from './own-artefact';

/** Both directions go onto their medium in the same way: which act prepared the bundle, which writes it, which made the bytes in it. */
const DIRECTIONS = {
  out: { prepared: 'bundle.prepareOut', written: 'bundle.writeOut', data: 'aws.parameters' },
  back: { prepared: 'bundle.prepareBack', written: 'bundle.writeBack', data: 'token.wrap' },
} as const;

type Direction = keyof typeof DIRECTIONS;

/** The prepared bundle again, with its data: from the files that the transcript names. */
async function preparedAgain(context: ActContext, direction: Direction): Promise<Result<PreparedBundle>> {
  const { prepared, data } = DIRECTIONS[direction];
  const text = await ownArtefact(context, prepared);
  if (!text.ok) return text;
  const manifest = JSON.parse(new TextDecoder().decode(text.value)) as PreparedBundle['manifest'];
  const files = await ownArtefacts(context, data, manifest.sets.length);
  if (!files.ok) return files;
  return success({
    manifest,
    digest: context.state.values[`${direction}.digest`] ?? '',
    data: manifest.files.map(({ name }, i) => ({ name, bytes: files.value[i] ?? new Uint8Array() })),
  });
}

/** Onto the medium, and read back. What a run that was cut off had written already is as good. */
export const writeOnto =
  (direction: Direction): Act =>
  async (context) => {
    const prepared = await preparedAgain(context, direction);
    if (!prepared.ok) return prepared;
    const folder = await context.medium(direction);
    if (!folder.ok) return folder;
    const signatures = [...bundleSignatures(context.state, direction)];
    const signed = bundleManifest.parse({ ...prepared.value.manifest, signatures });
    const wanted = { digest: prepared.value.digest, manifestSha256: sha256Bytes(manifestBytes(signed)) };
    const there = await rereadBundle(folder.value, wanted);
    const written = there.ok ? there : await writeBundle(folder.value, prepared.value, signatures);
    if (!written.ok) return written;
    const { digest, manifestSha256, manifest } = written.value;
    return success(
      outcome({
        data: { digest, manifestSha256 },
        show: [writtenFacts(written.value), signerBlock(written.value)],
        artefacts: [{ name: `${direction}-manifest.json`, bytes: manifestBytes(manifest) }],
      }),
    );
  };

function writtenFacts({ manifest, digest }: Bundle) {
  return facts('Written and read back', [
    ['Files', ['manifest.json', ...manifest.files.map(({ name }) => name)].join(', ')],
    ['SHA-256 of the bundle', digest, true],
    ['Now', 'Take the medium out, put it in again, and go on: only then is it read from the medium itself.'],
  ]);
}

/** After the medium was out of the station. */
export const rereadFrom =
  (direction: Direction): Act =>
  async (context) => {
    const folder = await context.medium(direction);
    if (!folder.ok) return folder;
    const { written } = DIRECTIONS[direction];
    const { digest, manifestSha256 } = context.state.data[written] ?? {};
    if (typeof digest !== 'string' || typeof manifestSha256 !== 'string')
      return failure('ceremony.notNow', { waitingFor: written });
    const found = await rereadBundle(folder.value, { digest, manifestSha256 });
    if (!found.ok) return found;
    return success(
      outcome({
        data: { digest },
        checks: [check('CER-BUNDLE-REREAD', true, digest, found.value.digest)],
        show: [facts('Read again from the medium', [['SHA-256 of the bundle', digest, true]]), signerBlock(found.value)],
      }),
    );
  };
