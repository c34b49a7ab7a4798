import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { CeremonyView } from '../ceremony/view-model';
import type { Failure } from '../contract/result';
import { fingerprintRows } from '../evidence/words';
import { KEY_SPECS, PURPOSES } from '../keys/spec';
import { verifyPack } from '../pack/verify';
import { play, type Cast } from '../rehearsal/player';
import { PRACTICE } from '../rehearsal/practice';
import { prepareRehearsal, type RehearsalGround } from '../rehearsal/rehearsal-ground';
import { inRepository } from '../setup/root.mjs';
import type { StartRequest } from '../station/port';
import { openStation } from '../station/station';
import { TOOL } from '../station/tool';
import { failureText } from './failure-text';
import { ink } from './output';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

const CAST: Cast = { passphrase: PRACTICE.passphrase, userPin: PRACTICE.userPin, soPin: PRACTICE.soPin };

const TOKENS: Readonly<Record<string, string>> = { ready: 'ready', blank: 'blank' };

function requestOf({ positionals, values }: VerbContext, seats: StartRequest['seats']): StartRequest {
  const inputs = {
    purpose: String(values['purpose']),
    keySpec: String(values['key-spec']),
    keyLabel: String(values['label']),
    tokenState: TOKENS[String(values['token'])] ?? String(values['token']),
  };
  return { script: positionals[0] ?? '', runMode: 'rehearsal', inputs, seats, typed: '' };
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
  const evidence =
    values['out'] === undefined ? await mkdtemp(join(tmpdir(), 'keyrite-evidence-')) : resolve(String(values['out']));
  const home = await mkdtemp(join(tmpdir(), 'keyrite-rehearsal-'));
  const places = { resourcesFolder: inRepository('resources'), tokenChild: inRepository('dist', 'main', 'token-child.js') };
  try {
    const prepared = await prepareRehearsal(places, { home, evidence }, TOOL);
    return prepared.ok ? await rehearse(context, prepared.value, evidence) : refuse(context, prepared.error);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function rehearse(context: VerbContext, { ground, seats }: RehearsalGround, out: string): Promise<ExitCode> {
  const station = openStation(ground);
  const stop = () => void station.leave();
  context.signal.addEventListener('abort', stop);
  try {
    const started = await station.start(requestOf(context, seats));
    if (!started.ok) return refuse(context, started.error);
    const { ceremonyId, title, estimateMinutes } = started.value;
    context.err(`REHEARSAL  ${title}\n${ceremonyId}, planned for ${estimateMinutes} minutes with people, on a practice token.`);
    const played = await play(station, CAST, { onMove: narrator(context) });
    if (!played.ok) return refuse(context, played.error);
    await station.leave();
    return await conclude(context, played.value, join(out, ceremonyId));
  } finally {
    context.signal.removeEventListener('abort', stop);
    await station.leave();
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
      `Pack    ${folder}\nIt ${check.ok ? 'verifies' : `does NOT verify: ${check.summary}`}. See for yourself: keyrite verify ${folder}`,
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
    purpose: { type: 'string', value: 'PURPOSE', default: 'xks', hint: `what the key is for: ${PURPOSES.join(', ')}` },
    'key-spec': { type: 'string', value: 'SPEC', default: 'AES_256', hint: `kind of key: ${KEY_SPECS.join(', ')}` },
    label: { type: 'string', value: 'LABEL', default: 'practice-key-1', hint: 'CKA_LABEL of the key' },
    token: { type: 'string', value: 'STATE', default: 'ready', hint: 'ready, or blank: erase, initialise and set PINs first' },
    json: { type: 'boolean', default: false, hint: 'the result as JSON on stdout; progress stays on stderr' },
  },
  positionals: { min: 1, max: 1 },
  notes: [
    'SCRIPT is the id of a ceremony script, e.g. hsm-key.',
    'Practice token and practice officers live in a temporary folder and are removed at the end; the evidence stays.',
    'Exit codes: 0 completed and verified; 1 stopped, aborted or not verified; 2 unusable input; 3 no SoftHSM.',
  ],
  run,
};
