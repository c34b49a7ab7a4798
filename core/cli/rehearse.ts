import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { neededSeats, type Inputs } from '../ceremony/variant';
import type { CeremonyView } from '../ceremony/view-model';
import type { Failure } from '../contract/result';
import { fingerprintRows } from '../evidence/words';
import { KEY_SPECS, PURPOSES } from '../keys/spec';
import { WRAPPING_ALGORITHMS, WRAPPING_KEY_SPECS } from '../keys/wrapping';
import { verifyPack } from '../pack/verify';
import { play, type Cast } from '../rehearsal/player';
import { PRACTICE, PRACTICE_INPUTS } from '../rehearsal/practice';
import { prepareRehearsal, type RehearsalGround } from '../rehearsal/rehearsal-ground';
import { inRepository } from '../setup/root.mjs';
import { NEVER } from '../station/acts/import-plan';
import { findScript, listScripts } from '../station/library';
import { openStation } from '../station/station';
import { TOOL } from '../contract/tool';
import { failureText } from '../contract/failure-text';
import { scriptInputs } from './script-inputs';
import { ink } from './output';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

/** What the command line calls the inputs that scripts have in common. */
const INPUT_OPTIONS: Readonly<Record<string, string>> = {
  purpose: 'purpose',
  'key-spec': 'keySpec',
  algorithm: 'wrappingAlgorithm',
  'wrapping-key': 'wrappingKeySpec',
  label: 'keyLabel',
  token: 'tokenState',
};

interface Chosen {
  readonly script: string;
  readonly inputs: Inputs;
  /** the seats this plan needs */
  readonly seats: readonly string[];
}

/** The script and its inputs, or a sentence about what does not fit. */
async function choose({ positionals, values }: VerbContext): Promise<Chosen | string> {
  const name = positionals[0] ?? '';
  const found = await findScript(inRepository('resources'), name);
  if (!found.ok) {
    const shipped = await listScripts(inRepository('resources'));
    const ids = shipped.ok ? shipped.value.map(({ script }) => script.id).join(', ') : '';
    return `There is no ceremony "${name}". Shipped: ${ids}. A script of your own goes into resources/ceremonies.`;
  }
  const given = Object.entries(INPUT_OPTIONS).flatMap(([option, input]): [string, string][] => {
    const value = values[option];
    return typeof value === 'string' ? [[input, value]] : [];
  });
  const inputs = scriptInputs(found.value.script, Object.fromEntries(given), PRACTICE_INPUTS);
  return typeof inputs === 'string' ? inputs : { script: name, inputs, seats: neededSeats(found.value.script, inputs) };
}

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
  const chosen = await choose(context);
  if (typeof chosen === 'string') {
    context.err(chosen);
    return EXIT.unusable;
  }
  const evidence =
    values['out'] === undefined ? await mkdtemp(join(tmpdir(), 'keyrite-evidence-')) : resolve(String(values['out']));
  const home = await mkdtemp(join(tmpdir(), 'keyrite-rehearsal-'));
  const places = { resourcesFolder: inRepository('resources'), tokenChild: inRepository('dist', 'main', 'token-child.js') };
  try {
    const prepared = await prepareRehearsal(places, { home, evidence }, TOOL);
    return prepared.ok ? await rehearse(context, chosen, prepared.value, evidence) : refuse(context, prepared.error);
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
  { script, inputs, seats: needed }: Chosen,
  { ground, seats: practice, close }: RehearsalGround,
  out: string,
): Promise<ExitCode> {
  const station = openStation(ground);
  const stop = () => void station.leave();
  context.signal.addEventListener('abort', stop);
  try {
    const seats = Object.fromEntries(needed.map((seat) => [seat, practice[seat] ?? '']));
    const started = await station.start({ script, runMode: 'rehearsal', inputs, seats, typed: '' });
    if (!started.ok) return refuse(context, started.error);
    const token = await ground.tokenAddress({ blank: false });
    const { passphrase, userPin, soPin } = PRACTICE;
    const cast: Cast = {
      passphrase,
      userPin,
      soPin,
      entries: { hsmSerial: token.ok ? token.value.serial : '', expiry: NEVER, owner: 'none' },
    };
    const { ceremonyId, title, estimateMinutes } = started.value;
    context.err(`REHEARSAL  ${title}\n${ceremonyId}, planned for ${estimateMinutes} minutes with people, on a practice token.`);
    const played = await play(station, cast, { onMove: narrator(context) });
    context.signal.throwIfAborted();
    if (!played.ok) return refuse(context, played.error);
    await station.leave();
    return await conclude(context, played.value, join(out, ceremonyId));
  } finally {
    context.signal.removeEventListener('abort', stop);
    await station.leave();
    await close();
  }
}

async function conclude(context: VerbContext, view: CeremonyView, folder: string): Promise<ExitCode> {
  const check = await verifyPack(folder);
  const { ceremonyId, outcome, exceptions, token } = view;
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
      `\nThe ceremony was ${outcome ?? 'left'}; exceptions: ${exceptions.length}; key check value: ${token?.checkValue ?? 'none'}`,
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
  summary: 'run a ceremony with scripted officers on a private SoftHSM token',
  usage:
    'rehearse SCRIPT [--out DIR] [--purpose xks|byok|resident] [--key-spec SPEC] [--label LABEL] [--token ready|blank] [--json]',
  options: {
    out: { type: 'string', value: 'DIR', hint: 'where the evidence pack goes (default: a new temporary folder)' },
    purpose: { type: 'string', value: 'PURPOSE', hint: `what the key is for: ${PURPOSES.join(', ')}` },
    'key-spec': { type: 'string', value: 'SPEC', hint: `kind of key: ${KEY_SPECS.join(', ')}` },
    label: { type: 'string', value: 'LABEL', hint: 'CKA_LABEL of the key' },
    algorithm: { type: 'string', value: 'NAME', hint: `wrapping algorithm: ${WRAPPING_ALGORITHMS.join(', ')}` },
    'wrapping-key': { type: 'string', value: 'SPEC', hint: `wrapping key: ${WRAPPING_KEY_SPECS.join(', ')}` },
    token: { type: 'string', value: 'STATE', hint: 'ready, or blank: erase, initialise and set PINs first' },
    json: { type: 'boolean', default: false, hint: 'the result as JSON on stdout; progress stays on stderr' },
  },
  positionals: { min: 1, max: 1 },
  notes: [
    'SCRIPT is the id of a ceremony script, e.g. hsm-key. What is not given is the script’s own default.',
    'Practice token and practice officers live in a temporary folder and are removed at the end; the evidence stays.',
    'Exit codes: 0 completed and verified; 1 stopped, aborted or not verified; 2 unusable input; 3 no SoftHSM; 130 stopped by Ctrl-C.',
  ],
  run,
};
