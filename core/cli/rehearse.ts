import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CeremonyView } from '../ceremony/view-model';
import { failure, type Failure, type Result } from '../contract/result';
import { fingerprintRows } from '../evidence/words';
import { NEVER, NOBODY } from '../keys/expiry';
import { KEY_SPECS, PURPOSES } from '../keys/spec';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../keys/wrapping';
import { verifyPack } from '../pack/verify';
import { play, type Cast } from '../rehearsal/player';
import { PRACTICE } from '../rehearsal/practice';
import { authorisedEntries, importedKey, type ImportedKey } from '../rehearsal/practice-key';
import { isAtServers, practiceServer } from '../rehearsal/practice-server';
import { prepareRehearsal, type RehearsalGround } from '../rehearsal/rehearsal-ground';
import { inRepository } from '../setup/root.mjs';
import { openStation } from '../station/station';
import { TOOL } from '../contract/tool';
import { failureText } from '../contract/failure-text';
import { planRehearsal, type AskedRehearsal, type PlannedRehearsal } from './rehearsal-plan';
import { ink } from './output';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

/** Lines as the ceremony goes: each act once, each step when it is sealed, each exception when it is called. */
function narrator(context: VerbContext): (view: CeremonyView) => void {
  const said = new Set<string>();
  const once = (key: string, text: string) => {
    if (!said.has(key)) context.err(text);
    said.add(key);
  };
  return (view) => {
    for (const act of view.acts) {
      for (const step of act.steps.filter(({ state }) => state === 'sealed')) {
        once(`act ${act.title}`, `\n${ink('bold', act.title, context.isTerminal)}`);
        once(`step ${step.id}`, `  ${ink('green', 'sealed', context.isTerminal)}  ${step.id.padEnd(5)} ${step.title}`);
      }
    }
    for (const { number, step, happened } of view.exceptions)
      once(`exception ${number}`, `  ${ink('yellow', 'EXCEPTION', context.isTerminal)} ${number} in step ${step}: ${happened}`);
  };
}

async function run(context: VerbContext): Promise<ExitCode> {
  const { values } = context;
  const asked = await planRehearsal(context);
  if (typeof asked === 'string') {
    context.err(asked);
    return EXIT.unusable;
  }
  const evidence =
    values['out'] === undefined ? await mkdtemp(join(tmpdir(), 'keyrite-evidence-')) : resolve(String(values['out']));
  const home = await mkdtemp(join(tmpdir(), 'keyrite-rehearsal-'));
  const places = {
    resourcesFolder: inRepository('resources'),
    tokenChild: inRepository('dist', 'main', 'token-child.js'),
    proxyChild: inRepository('dist', 'main', 'proxy-child.js'),
  };
  try {
    const prepared = await prepareRehearsal(places, { home, evidence }, TOOL);
    return prepared.ok ? await rehearse(context, asked, prepared.value, evidence) : refuse(context, prepared.error);
  } catch (error) {
    if (!context.signal.aborted) throw error;
    context.err(`Stopped. Practice token and officers are removed; what was recorded so far is in ${evidence}.`);
    return EXIT.stopped;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function rehearse(
  context: VerbContext,
  { plan, first, withKey }: AskedRehearsal,
  rehearsal: RehearsalGround,
  out: string,
): Promise<ExitCode> {
  try {
    if (first === null) return await conclude(context, await played(context, plan, rehearsal), out);
    context.err(`${plan.script.id} begins with what ${first.script.id} leaves. That is rehearsed first.`);
    const key = await prepareKey(context, first, rehearsal, out);
    if (!key.ok) return refuse(context, key.error);
    if (plan.script.id === 'byok-reimport') {
      const deleted = await deleteMaterial(rehearsal, key.value);
      if (!deleted.ok) return refuse(context, deleted.error);
      context.err('\nNow its material in the rehearsal KMS is deleted, so that there is something to import again.');
    }
    if (plan.script.id === 'proxy-arm') {
      const killed = await rehearsal.ground.proxy?.kill({ who: 'rehearsal', why: 'so that there is something to arm' });
      if (killed?.how === 'failed') return refuse(context, killed.error);
      context.err('\nNow the proxy is killed, so that there is something to arm.');
    }
    context.err('');
    return await conclude(context, await played(context, withKey(key.value), rehearsal), out);
  } finally {
    await rehearsal.close();
  }
}

/** The ceremony before, and the key it left. */
async function prepareKey(
  context: VerbContext,
  plan: PlannedRehearsal,
  rehearsal: RehearsalGround,
  out: string,
): Promise<Result<ImportedKey>> {
  const view = await played(context, plan, rehearsal);
  if (!view.ok) return view;
  const key = await importedKey(join(out, view.value.ceremonyId));
  if (!key.ok) return key;
  const { ckaId, keyLabel, kmsKeyArn } = key.value;
  context.err(`\nThe key: ${keyLabel}, CKA_ID ${ckaId},\n${kmsKeyArn}`);
  return view.value.outcome === 'completed' ? key : failure('ceremony.notNow', { waitingFor: plan.script.id });
}

async function deleteMaterial({ ground }: RehearsalGround, { kmsKeyArn }: ImportedKey): Promise<Result<unknown>> {
  const kms = await ground.kms({ region: kmsKeyArn.split(':')[3] ?? '', runMode: 'rehearsal', as: 'administrator' });
  return kms.ok ? kms.value.deleteImportedKeyMaterial(kmsKeyArn, null) : kms;
}

/** One ceremony from its opening to its seal. */
async function played(
  context: VerbContext,
  { script, inputs, seats: needed }: PlannedRehearsal,
  { ground, seats: practice }: RehearsalGround,
): Promise<Result<CeremonyView>> {
  const isServed = isAtServers(script) && inputs['place'] === 'server' && ground.proxy !== null;
  const hands = isServed ? practiceServer(script, inputs, ground.mediumFolder, ground.proxy) : null;
  const station = openStation({ ...ground, onChange: hands?.onChange ?? ground.onChange });
  const stop = () => void station.leave();
  context.signal.addEventListener('abort', stop);
  try {
    const seats = Object.fromEntries(needed.map((seat) => [seat, practice[seat] ?? '']));
    const started = await station.start({ script: script.id, runMode: 'rehearsal', inputs, seats, typed: '' });
    if (!started.ok) return started;
    const token = await ground.tokenAddress({ blank: false });
    const { passphrase, userPin, soPin } = PRACTICE;
    const read = { hsmSerial: token.ok ? token.value.serial : '', expiry: NEVER, owner: NOBODY, datesOwner: 'Ada Practice' };
    const cast: Cast = { passphrase, userPin, soPin, entries: { ...read, ...authorisedEntries(inputs) } };
    const { ceremonyId, title, estimateMinutes } = started.value;
    context.err(`REHEARSAL  ${title}\n${ceremonyId}, planned for ${estimateMinutes} minutes with people, on a practice token.`);
    const view = await play(station, cast, { ...(hands && { beforeMove: hands.before }), onMove: narrator(context) });
    context.signal.throwIfAborted();
    return view;
  } finally {
    context.signal.removeEventListener('abort', stop);
    await station.leave();
  }
}

async function conclude(context: VerbContext, view: Result<CeremonyView>, out: string): Promise<ExitCode> {
  if (!view.ok) return refuse(context, view.error);
  const { ceremonyId, outcome, exceptions, token } = view.value;
  const folder = join(out, ceremonyId);
  const check = await verifyPack(folder);
  const words = fingerprintRows(check.head).map((row) => row.words);
  if (context.values['json'] === true) {
    const checkValue = token?.checkValue ?? '';
    context.out(
      JSON.stringify(
        {
          ceremonyId,
          folder,
          outcome,
          verifies: check.ok,
          head: check.head,
          headWords: words,
          checkValue,
          exceptions: exceptions.length,
        },
        null,
        2,
      ),
    );
  } else {
    context.out(
      `\nThe ceremony was ${outcome ?? 'left'}; exceptions: ${exceptions.length}; key check value: ${token?.checkValue || 'none'}`,
    );
    context.out(`Head    ${check.head}\n        ${words.join('\n        ')}`);
    context.out(
      `Pack    ${folder}\nIt ${check.ok ? 'verifies' : `does NOT verify: ${check.summary}`}. See for yourself: npx keyrite verify ${folder}`,
    );
  }
  return check.ok && outcome === 'completed' ? EXIT.done : EXIT.no;
}

function refuse({ err }: VerbContext, error: Failure): ExitCode {
  err(failureText(error));
  if (error.code === 'token.moduleMissing') return EXIT.lacking;
  return error.code.startsWith('input.') || error.code.startsWith('policy.') || error.code.startsWith('file.')
    ? EXIT.unusable
    : EXIT.no;
}

export const verb: Verb = {
  name: 'rehearse',
  summary: 'run a ceremony with scripted officers on a private SoftHSM token and a rehearsal KMS',
  usage:
    'rehearse SCRIPT [--out DIR] [--key-spec SPEC] [--label LABEL] [--algorithm NAME] [--wrapping-key SPEC] [--input NAME=VALUE ...] [--json]',
  options: {
    out: { type: 'string', value: 'DIR', hint: 'where the evidence pack goes (default: a new temporary folder)' },
    purpose: { type: 'string', value: 'PURPOSE', hint: `what the key is for: ${PURPOSES.join(', ')}` },
    'key-spec': { type: 'string', value: 'SPEC', hint: `kind of key: ${KEY_SPECS.join(', ')}` },
    label: { type: 'string', value: 'LABEL', hint: 'CKA_LABEL of the key' },
    algorithm: {
      type: 'string',
      value: 'NAME',
      hint: `wrapping algorithm: ${WRAPPING_ALGORITHMS.join(', ')}; without it, what fits the key`,
    },
    'wrapping-key': { type: 'string', value: 'SPEC', hint: `wrapping key: ${WRAPPING_KEY_SPECS.join(', ')}` },
    token: { type: 'string', value: 'STATE', hint: 'ready, or blank: erase, initialise and set PINs first' },
    input: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      hint: 'any other input of the script, e.g. what=everything; repeat for more',
    },
    json: { type: 'boolean', default: false, hint: 'the result as JSON on stdout; progress stays on stderr' },
  },
  positionals: { min: 1, max: 1 },
  notes: [
    'SCRIPT is the id of a ceremony script, e.g. hsm-key. What is not given is what suits SoftHSM and the rehearsal KMS, or the script’s own default.',
    'A script that begins with an imported key (byok-reimport, byok-rotate, key-destroy) or with a key store (kill-drill, proxy-arm, xks-rotate-key ...) is preceded by the rehearsed ceremony that makes it.',
    'Practice token and practice officers live in a temporary folder and are removed at the end; the evidence stays.',
    'Exit codes: 0 completed and verified; 1 stopped, aborted or not verified; 2 unusable input; 3 no SoftHSM; 130 stopped by Ctrl-C.',
  ],
  run,
};
