import { resolve } from 'node:path';
import { failureText } from '../contract/failure-text';
import type { Failure, Result } from '../contract/result';
import { diskFailure } from '../pack/disk-failure';
import { removeIfThere, writeNewFile } from '../pack/durable';
import { inRepository } from '../setup/root.mjs';
import { forkWrapChild } from '../wrapping/fork';
import { wrapInSoftware } from '../wrapping/wrap-in-software';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';
import { tokenComplaint, wrapOnToken, type WrapPlaces } from './wrap-on-token';
import { readOrder, type WrapOrder } from './wrap-order';
import { wrapJson, wrapLines, wrapWarnings, type WrapReport } from './wrap-text';

const SOURCES = ['in', 'generate', 'hsm-label'] as const;

type Source = (typeof SOURCES)[number];

function sourceOf({ values }: VerbContext): Source | null {
  const named = SOURCES.filter((source) => values[source] !== undefined && values[source] !== false);
  return named.length === 1 ? (named[0] ?? null) : null;
}

/** With --json a script gets one object whatever happened; people get the sentence besides. */
function tell({ out, values }: VerbContext, error: Failure): void {
  if (values['json'] === true) out(JSON.stringify({ ok: false, error }, null, 2));
}

function unusable(context: VerbContext, problem: string): ExitCode {
  tell(context, { code: 'input.invalid', detail: { problem } });
  context.err(problem);
  return EXIT.unusable;
}

function refuse(context: VerbContext, error: Failure): ExitCode {
  const { err, signal } = context;
  tell(context, error);
  if (signal.aborted) {
    const left = error.detail['leftOnToken'];
    err(`Stopped. Nothing was written.${left === undefined ? '' : ` A wrapping key is still on the token: ${String(left)}.`}`);
    return EXIT.stopped;
  }
  err(failureText(error));
  if (error.code === 'token.moduleMissing') return EXIT.lacking;
  const isInput = /^(input|policy|file)\.|^key\.(wrappingKeyInvalid|materialInvalid)$/.test(error.code);
  return isInput ? EXIT.unusable : EXIT.no;
}

async function wrap(context: VerbContext, order: WrapOrder, source: Source, places: WrapPlaces): Promise<Result<WrapReport>> {
  const { values, signal } = context;
  if (source === 'hsm-label') {
    const wrapped = await wrapOnToken(context, order, places);
    if (!wrapped.ok) return wrapped;
    const written = order.recipients.map((recipient) => ({ recipient, blob: wrapped.value.blob }));
    return { ok: true, value: { order, wrapped: wrapped.value, written } };
  }
  const wrappingKeys = order.recipients.map(({ spki }) => spki);
  const from =
    source === 'in' ? ({ from: 'file', path: resolve(String(values['in'])) } as const) : ({ from: 'generator' } as const);
  const job = { spec: order.spec, algorithm: order.algorithm, wrappingKeys, source: from };
  const wrapped = await wrapInSoftware(() => forkWrapChild(places.wrapChild), job, { signal });
  if (!wrapped.ok) return wrapped;
  const written = wrapped.value.blobs.flatMap(({ blob }, i) => {
    const recipient = order.recipients[i];
    return recipient ? [{ recipient, blob }] : [];
  });
  return { ok: true, value: { order, wrapped: wrapped.value, written } };
}

/** All blobs or none: half a set of a multi-Region key would be imported as if it were whole. */
async function write({ written }: WrapReport): Promise<Result<null>> {
  const done: string[] = [];
  for (const { recipient, blob } of written)
    try {
      await writeNewFile(recipient.out, blob);
      done.push(recipient.out);
    } catch (error) {
      for (const path of done) await removeIfThere(path);
      return diskFailure(error, recipient.out);
    }
  return { ok: true, value: null };
}

/** @param places where the children of this program are built */
export async function runWrap(context: VerbContext, places: WrapPlaces): Promise<ExitCode> {
  const source = sourceOf(context);
  if (source === null)
    return unusable(
      context,
      `What is to be wrapped? One of --in FILE, --generate, --hsm-label LABEL. Usage: keyrite ${verb.usage}`,
    );
  const order = await readOrder(context);
  if (typeof order === 'string') return unusable(context, order);
  const complaint = source === 'hsm-label' ? tokenComplaint(context, order) : '';
  if (complaint !== '') return unusable(context, complaint);
  const report = await wrap(context, order, source, places);
  if (!report.ok) return refuse(context, report.error);
  if (context.signal.aborted) return refuse(context, { code: 'input.cancelled', detail: {} });
  const written = await write(report.value);
  if (!written.ok) return refuse(context, written.error);
  if (context.values['json'] === true) context.out(wrapJson(report.value));
  else for (const line of wrapLines(report.value)) context.out(line);
  for (const line of wrapWarnings(report.value, source === 'generate')) context.err(line);
  const { wrapped } = report.value;
  return wrapped.madeIn === 'hsm' && wrapped.leftOver !== '' ? EXIT.no : EXIT.done;
}

const PLACES: WrapPlaces = {
  wrapChild: inRepository('dist', 'main', 'wrap-child.js'),
  tokenChild: inRepository('dist', 'main', 'token-child.js'),
  profilesFolder: inRepository('resources', 'profiles'),
};

export const verb: Verb = {
  name: 'wrap',
  summary: 'wrap key material for an import into KMS: from a file, new, or inside an HSM',
  usage: 'wrap --spki FILE --algorithm NAME --key-spec SPEC (--in FILE | --generate | --hsm-label LABEL ...) --out FILE [--json]',
  options: {
    spki: { type: 'string', multiple: true, value: 'FILE', hint: 'PublicKey of GetParametersForImport, DER; repeat with --out' },
    'spki-sha256': {
      type: 'string',
      multiple: true,
      value: 'HEX',
      hint: 'what its SHA-256 must be, as read out by the other side',
    },
    algorithm: { type: 'string', value: 'NAME', hint: 'WrappingAlgorithm of that call, e.g. RSAES_OAEP_SHA_256' },
    'key-spec': { type: 'string', value: 'SPEC', hint: 'KeySpec of the KMS key, e.g. SYMMETRIC_DEFAULT, HMAC_256, RSA_2048' },
    out: { type: 'string', multiple: true, value: 'FILE', hint: 'a new file for the wrapped material (EncryptedKeyMaterial)' },
    in: { type: 'string', value: 'FILE', hint: 'material in a file of mode 0600: raw bytes, or PKCS#8 as DER or PEM' },
    generate: { type: 'boolean', default: false, hint: 'new material from the generator of this computer' },
    'hsm-label': { type: 'string', value: 'LABEL', hint: 'a BYOK key on a token; it is wrapped there and never leaves it clear' },
    profile: { type: 'string', value: 'ID', hint: 'profile of the PKCS#11 module, e.g. softhsm' },
    module: { type: 'string', value: 'PATH', hint: 'the module (default: where the profile finds it)' },
    'token-label': { type: 'string', value: 'LABEL', hint: 'which token, where there are several' },
    'token-serial': { type: 'string', value: 'SERIAL', hint: 'the same by serial' },
    'pin-file': { type: 'string', value: 'FILE', hint: 'PIN of the crypto officer, in a file of mode 0600' },
    'pin-pad': { type: 'boolean', default: false, hint: 'PINs are entered at the token itself' },
    'wrapping-key-label': { type: 'string', value: 'LABEL', hint: 'the wrapping key on the token; must be the one of --spki' },
    'so-pin-file': { type: 'string', value: 'FILE', hint: 'PIN of the security officer: imports the wrapping key for this once' },
    import: { type: 'boolean', default: false, hint: 'the same with --pin-pad' },
    json: { type: 'boolean', default: false, hint: 'one JSON object instead of text' },
  },
  positionals: { min: 0, max: 0 },
  notes: [
    'Needs no network. --in and --generate are second class: the key is in the memory of this computer, in one short-lived process.',
    'With several --spki and --out the same material is wrapped for each: one per Region, or a copy for a key of your own.',
    'Exit codes: 0 wrapped and written; 1 the token refused, or its wrapping key could not be taken away again; 2 unusable input, or a combination KMS does not take; 3 no such PKCS#11 module; 130 stopped by Ctrl-C.',
  ],
  run: (context) => runWrap(context, PLACES),
};
