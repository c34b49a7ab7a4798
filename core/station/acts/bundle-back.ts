import { z } from 'zod';
import { failure, success, type Result } from '../../contract/result';
import { canonical } from '../../evidence/canonical';
import { IMPORT_MARGIN_MS } from '../../keys/import-deadline';
import { materialBytes, wrappedLength } from '../../keys/wrapping';
import { bundleManifest, keyProof, manifestBytes, type BundleManifest } from '../../bundle/manifest';
import { prepareBack } from '../../bundle/prepare';
import { qrModules } from '../../bundle/qr-code';
import { blobTexts } from '../../bundle/qr-text';
import { readBundle } from '../../bundle/read-bundle';
import type { ShowBlock } from '../../keys/evidence';
import { check, jsonArtefact, outcome, type Act, type ActContext } from './act';
import { bundleBlocks, ceremonyFacts, signerBlock } from './bundle-facts';
import { knownAcrossTheGap } from './bundle-signatures';
import { kmsPlan, type KmsPlan } from './kms-plan';
import { ownArtefact, ownArtefacts } from './own-artefact';

/** People who must have signed a BACK bundle: two crypto officers. */
const BACK_SIGNERS = { atLeast: 2, of: ['CO'] } as const;

const blob = z.strictObject({ n: z.int(), size: z.int(), sha256: z.string(), mechanism: z.string(), parameters: z.string() });

async function outManifest(
  context: ActContext,
  operation: 'bundle.readOut' | 'bundle.writeOut',
): Promise<Result<BundleManifest>> {
  const references = context.state.artefacts[operation] ?? [];
  const text = await ownArtefact(context, operation, references.length - 1);
  return text.ok ? success(bundleManifest.parse(JSON.parse(new TextDecoder().decode(text.value)))) : text;
}

/** The BACK bundle before it is signed: the wrapped keys, and what the online station needs to hold KMS's answer against. */
export const bundlePrepareBack: Act = async (context) => {
  const out = await outManifest(context, 'bundle.readOut');
  if (!out.ok) return out;
  const keys = await ownArtefacts(context, 'token.wrap', out.value.sets.length);
  if (!keys.ok) return keys;
  const said = ceremonyFacts(context, 'back', out.value.accountId);
  if (!said.ok) return said;
  const { state } = context;
  const [method = '', value = ''] = (state.values['key.checkValue'] ?? '').split(' ');
  const [first] = z.array(blob).parse(state.data['token.wrap']?.['blobs']);
  const { manifest, digest } = prepareBack(
    {
      ...said.value,
      answers: state.values['out.digest'] ?? '',
      checkValue: { method, value },
      hsmSerial: state.token.serial,
      templateSha256: state.values['template.digest'] ?? '',
      mechanism: first?.mechanism ?? '',
      parameters: first?.parameters ?? '',
      proof: keyProof.parse(state.data['token.wrap']?.['proof']),
    },
    out.value.sets.map(({ region, keyArn, spkiSha256, importTokenSha256, parametersValidTo }, i) => ({
      region,
      keyArn,
      spkiSha256,
      importTokenSha256,
      parametersValidTo,
      blob: keys.value[i] ?? new Uint8Array(),
    })),
  );
  return success(
    outcome({
      values: { 'back.digest': digest },
      show: [...bundleBlocks(manifest, digest), ...blobCodes(keys.value)],
      artefacts: [jsonArtefact('back-unsigned.json', canonical(manifest))],
    }),
  );
};

/** A wrapped key that fits one code can cross the gap without a medium. */
function blobCodes(keys: readonly Uint8Array[]): ShowBlock[] {
  return keys.flatMap((key, i): ShowBlock[] => {
    const [text, ...more] = blobTexts(key);
    if (text === undefined || more.length > 0) return [];
    return [{ kind: 'qr', title: `Wrapped key ${i + 1} as a code`, text, modules: [...qrModules(text)] }];
  });
}

/** The online station takes the BACK bundle in: only the answer to its own OUT bundle, set by set, and blobs of the length they must have. */
export const bundleReadBack: Act = async (context) => {
  const plan = kmsPlan(context.state);
  if (!plan.ok) return plan;
  const folder = await context.medium('back');
  if (!folder.ok) return folder;
  const known = await context.officers();
  if (!known.ok) return known;
  const answers = await outManifest(context, 'bundle.writeOut');
  if (!answers.ok) return answers;
  const { data } = context.state.genesis;
  const found = await readBundle(folder.value, {
    kind: 'byok-back',
    runMode: data.runMode,
    scriptSha256: data.script.sha256,
    ceremonyId: null,
    keyArns: answers.value.sets.map(({ keyArn }) => keyArn),
    keySpec: plan.value.spec,
    wrapping: plan.value.wrapping,
    answers: answers.value,
    signers: { known: knownAcrossTheGap(known.value, context.state, BACK_SIGNERS.of), ...BACK_SIGNERS },
    clock: { nowMs: context.now().getTime(), marginMs: IMPORT_MARGIN_MS },
  });
  if (!found.ok) return found;
  const { manifest, digest } = found.value;
  if (manifest.kind !== 'byok-back') return failure('bundle.wrongKind', { expected: 'byok-back', found: manifest.kind });
  return success(
    outcome({
      data: { from: manifest.ceremonyId, genesis: manifest.genesis, prevHead: manifest.prevHead, proof: manifest.proof },
      values: { 'back.digest': digest, 'key.checkValue': `${manifest.checkValue.method} ${manifest.checkValue.value}` },
      checks: [
        lengthCheck(
          plan.value,
          found.value.data.map(({ bytes }) => bytes.length),
        ),
      ],
      show: [...bundleBlocks(manifest, digest), signerBlock(found.value)],
      artefacts: [
        ...found.value.data.map(({ bytes }, i) => ({ name: `wrapped-key-${i + 1}.bin`, bytes })),
        { name: 'back-manifest.json', bytes: manifestBytes(manifest) },
      ],
    }),
  );
};

/** An AES or HMAC key has one length only; a private key's depends on its encoding, and all its blobs have the same. */
function lengthCheck({ spec, wrapping }: KmsPlan, lengths: readonly number[]) {
  const material = materialBytes(spec);
  const wanted = material === null ? (lengths[0] ?? 0) : wrappedLength(wrapping, material);
  return check(
    'CER-BLOB-LENGTH',
    lengths.every((length) => length === wanted),
    `${wanted} bytes each`,
    `${lengths.join(', ')} bytes`,
  );
}
