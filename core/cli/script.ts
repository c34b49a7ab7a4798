import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readScript, type ScriptProblem } from '../ceremony/script-file';
import type { Script } from '../ceremony/script';
import { minutesOf, plannedSteps, type Inputs } from '../ceremony/variant';
import type { RunMode } from '../ceremony/view-model';
import { fingerprintRows } from '../evidence/words';
import { errnoOf } from '../pack/disk-failure';
import { sha256Bytes } from '../pack/sha256';
import { inRepository } from '../setup/root.mjs';
import { columns } from './output';
import { scriptInputs } from './script-inputs';
import { unknownScript } from './unknown-script';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

/** A name without a dot or a slash is a shipped script; anything else is a file. */
function isShippedName(name: string): boolean {
  return /^[a-z][a-z0-9-]*$/.test(name);
}

function placeOf(name: string): string {
  return isShippedName(name) ? inRepository('resources', 'ceremonies', `${name}.yaml`) : resolve(name);
}

async function run(context: VerbContext): Promise<ExitCode> {
  const name = context.positionals[0] ?? '';
  const path = placeOf(name);
  const bytes = await readFile(path).catch((error: unknown) => errnoOf(error));
  if (typeof bytes === 'string') {
    const unread = `${path} cannot be read (${bytes}). Name a shipped script, e.g. hsm-key, or the path of a file.`;
    context.err(bytes === 'ENOENT' && isShippedName(name) ? await unknownScript(name) : unread);
    return EXIT.unusable;
  }
  const reading = readScript(bytes.toString('utf8'));
  if (!reading.ok) return refuse(context, path, reading.problems);
  const inputs = chosenInputs(context, reading.script);
  if (typeof inputs === 'string') {
    context.err(inputs);
    return EXIT.unusable;
  }
  describe(context, reading.script, sha256Bytes(bytes), inputs);
  return context.values['paper'] === undefined ? EXIT.done : print(context, reading.script, sha256Bytes(bytes), inputs);
}

function refuse({ values, out, err }: VerbContext, path: string, problems: readonly ScriptProblem[]): ExitCode {
  if (values['json'] === true) out(JSON.stringify({ ok: false, problems }, null, 2));
  else for (const { line, column, problem, remedy } of problems) err(`${path}:${line}:${column}: ${problem} ${remedy}`);
  return EXIT.no;
}

function chosenInputs({ values }: VerbContext, script: Script): Inputs | string {
  const pairs = (Array.isArray(values['input']) ? values['input'] : []).map((pair) => String(pair).split('='));
  const given = Object.fromEntries(pairs.map(([name = '', ...value]) => [name, value.join('=')]));
  return scriptInputs(script, { given, runMode: runModeOf(values) });
}

function runModeOf(values: VerbContext['values']): RunMode {
  return values['production'] === true ? 'production' : 'rehearsal';
}

function describe({ values, out }: VerbContext, script: Script, sha256: string, inputs: Inputs): void {
  const steps = plannedSteps(script, inputs);
  if (values['json'] === true) {
    const list = steps.map(({ step: { id, title, seat, minutes } }) => ({ id, title, seat, minutes }));
    out(
      JSON.stringify({ ok: true, id: script.id, title: script.title, sha256, minutes: minutesOf(steps), steps: list }, null, 2),
    );
    return;
  }
  out(`${script.title} (${script.id})\n${script.summary}\n`);
  for (const line of columns(steps.map(({ step }) => [step.id, step.seat, `${step.minutes} min`, step.title]))) out(line);
  out(`\n${steps.length} steps, ${minutesOf(steps)} minutes. It lints in every variant. SHA-256, to be read aloud:`);
  for (const { n, hex, words } of fingerprintRows(sha256)) out(`  ${n}  ${hex}  ${words}`);
}

async function print({ values, err }: VerbContext, script: Script, sha256: string, inputs: Inputs): Promise<ExitCode> {
  const path = resolve(String(values['paper']));
  const { drawPaperScript } = await import('../pack/paper-script');
  const pdf = await drawPaperScript({
    script,
    sha256,
    runMode: runModeOf(values),
    ceremonyId: '____________________',
    inputs,
    printedAt: new Date(),
  });
  const refused = await writeFile(path, pdf, { flag: 'wx' }).then(() => '', errnoOf);
  err(
    refused === ''
      ? `The paper script is in ${path}.`
      : `${path} cannot be written (${refused}). Name a new file in a folder that exists.`,
  );
  return refused === '' ? EXIT.done : EXIT.unusable;
}

export const verb: Verb = {
  name: 'script',
  summary: 'check a ceremony script, show its steps and digest, print it for the room',
  usage: 'script SCRIPT [--input NAME=VALUE ...] [--production] [--paper FILE] [--json]',
  options: {
    input: {
      type: 'string',
      multiple: true,
      value: 'NAME=VALUE',
      hint: 'an input of the script, e.g. purpose=byok; repeat for more',
    },
    paper: { type: 'string', value: 'FILE', hint: 'write the paper script, a PDF with blanks for times and initials' },
    production: {
      type: 'boolean',
      default: false,
      hint: 'a plan for production: refused where it is one for rehearsals only; without the REHEARSAL watermark',
    },
    json: { type: 'boolean', default: false, hint: 'steps, or problems with line and column, as JSON' },
  },
  positionals: { min: 1, max: 1 },
  notes: [
    'SCRIPT is a shipped script, e.g. hsm-key, or the path of a YAML file.',
    'Exit codes: 0 the script is good; 1 it is not, each problem with line, column and remedy; 2 unusable input.',
  ],
  run,
};
