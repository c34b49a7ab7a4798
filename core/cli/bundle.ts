import { stat } from 'node:fs/promises';
import { strangerFailure, type KnownOfficer } from '../bundle/expectation';
import { inspectBundle, type Bundle } from '../bundle/inspect';
import type { Result } from '../contract/result';
import { openRegistry } from '../officers/registry';
import { bundleJson, describeBundle, describeRefusal, refusalJson } from './bundle-text';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

export const verb: Verb = {
  name: 'bundle',
  summary: 'prove a bundle that crosses the air gap: manifest, files, signatures',
  usage: 'bundle verify DIR [--officers DIR] [--qr] [--json]',
  options: {
    officers: { type: 'string', value: 'DIR', hint: 'officers of this station, to compare the signers with' },
    qr: { type: 'boolean', default: false, hint: 'draw the digest as a QR code besides' },
    json: { type: 'boolean', default: false, hint: 'one JSON object instead of text' },
  },
  positionals: { min: 2, max: 2 },
  notes: [
    'Reads the folder once and changes nothing: no network, no HSM, no desktop app.',
    'It proves that the bundle holds in itself. Whether it is the one that is due is for the ceremony, and for two people who read the digest to each other row by row. A set whose time is over is named, and is no fault of the bundle.',
    'Exit codes: 0 the bundle holds; 1 it does not, and what fails is named; 2 there is no bundle, or no officers to compare with.',
  ],
  run,
};

async function run(context: VerbContext): Promise<ExitCode> {
  const { positionals, values, out, err, isTerminal } = context;
  const [action = '', folder = ''] = positionals;
  if (action !== 'verify') {
    err(`There is no "bundle ${action}". Usage: keyrite ${verb.usage}`);
    return EXIT.unusable;
  }
  const known = await knownOfficers(values['officers']);
  if (known?.length === 0) {
    err(`There is no officer in ${String(values['officers'])}. Name the folder in which this station keeps its officers.`);
    return EXIT.unusable;
  }
  const bundle = await judged(folder, known);
  if (!bundle.ok) return refuse(bundle.error, context);
  const report = { bundle: bundle.value, signersCompared: known !== null, nowMs: Date.now() };
  out(values['json'] === true ? bundleJson(report) : describeBundle(report, { isTerminal, qr: values['qr'] === true }));
  return EXIT.done;
}

/** null: nobody asked for a comparison. */
async function knownOfficers(folder: unknown): Promise<readonly KnownOfficer[] | null> {
  if (typeof folder !== 'string') return null;
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true) return [];
  const listed = await openRegistry(folder).list();
  return listed.ok ? listed.value : [];
}

async function judged(folder: string, known: readonly KnownOfficer[] | null): Promise<Result<Bundle>> {
  const bundle = await inspectBundle(folder);
  if (!bundle.ok || known === null) return bundle;
  const error = strangerFailure(bundle.value.manifest, known);
  return error === null ? bundle : { ok: false, error };
}

function refuse(error: Parameters<typeof refusalJson>[0], { values, out, err, isTerminal }: VerbContext): ExitCode {
  const isThere = error.code !== 'bundle.notFound';
  if (values['json'] === true) out(refusalJson(error, isThere ? 1 : 2));
  else if (isThere) out(describeRefusal(error, isTerminal));
  else err(describeRefusal(error, isTerminal));
  return isThere ? EXIT.no : EXIT.unusable;
}
