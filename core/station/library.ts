import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readScript } from '../ceremony/script-file';
import type { Script } from '../ceremony/script';
import {
  allSeats,
  conditionalInputs,
  defaultInputs,
  differentPlans,
  minutesOf,
  neededSeats,
  plannedSteps,
  rulesOf,
} from '../ceremony/variant';
import { failure, success, type Result } from '../contract/result';
import type { CeremonyChoice } from '../contract/values';
import { shortWords } from '../evidence/words';
import { sha256Bytes } from '../pack/sha256';

/** A script of the library, with the exact bytes that were read. */
export interface LibraryScript {
  readonly script: Script;
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Reads one script file. `input.scriptSyntax` or `input.scriptLint` names the first problem with line, column and remedy. */
export function parseScript(bytes: Uint8Array, name: string): Result<LibraryScript> {
  const reading = readScript(new TextDecoder('utf-8', { fatal: false }).decode(bytes));
  if (reading.ok) return success({ script: reading.script, bytes, sha256: sha256Bytes(bytes) });
  const first = reading.problems[0];
  return failure('input.scriptLint', {
    file: name,
    line: first?.line ?? 1,
    column: first?.column ?? 1,
    problem: first?.problem ?? '',
    remedy: first?.remedy ?? '',
    problems: reading.problems.length,
  });
}

export async function findScript(resourcesFolder: string, id: string): Promise<Result<LibraryScript>> {
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(id)) return failure('file.notFound', { script: id });
  const bytes = await readFile(join(resourcesFolder, 'ceremonies', `${id}.yaml`)).catch(() => null);
  return bytes === null ? failure('file.notFound', { script: id }) : parseScript(bytes, `${id}.yaml`);
}

/** Every script that can be started. One that does not lint refuses the list by name: a broken library is not half used. */
export async function listScripts(resourcesFolder: string): Promise<Result<readonly LibraryScript[]>> {
  const folder = join(resourcesFolder, 'ceremonies');
  const names = await readdir(folder).catch(() => null);
  if (names === null) return failure('file.notFound', { folder });
  const scripts: LibraryScript[] = [];
  for (const name of names.filter((one) => one.endsWith('.yaml')).sort()) {
    const read = parseScript(await readFile(join(folder, name)), name);
    if (!read.ok) return read;
    scripts.push(read.value);
  }
  return success(scripts);
}

/** A script as it is offered at the start, before anything is chosen. */
export function asChoice({ script, sha256 }: LibraryScript, suggested: Readonly<Record<string, string>> = {}): CeremonyChoice {
  const steps = plannedSteps(script, defaultInputs(script));
  return {
    script: script.id,
    title: script.title,
    summary: script.summary,
    sha256,
    words: shortWords(sha256),
    estimateMinutes: minutesOf(steps),
    steps: steps.length,
    inputs: Object.entries(script.inputs).map(([name, input]) => ({
      name,
      title: input.title,
      hint: input.hint,
      options: input.options ? Object.entries(input.options).map(([value, title]) => ({ value, title })) : null,
      pattern: input.pattern ?? '',
      value: suggestedValue(input, suggested[name]),
    })),
    never: rulesOf(script).map(({ inputs, in: runMode, because }) => ({ inputs, runMode: runMode ?? null, because })),
    seats: allSeats(script).map(({ seat, role }) => ({
      seat,
      role,
      title: script.roles[role]?.title ?? role,
      conflicts: allSeats(script)
        .filter(
          (other) => other.seat !== seat && (other.role === role || (script.roles[role]?.conflicts ?? []).includes(other.role)),
        )
        .map((other) => other.seat),
      neededWhen: neededWhen(script, seat),
    })),
  };
}

/** What a station suggests counts only where the script offers it. */
export function suggestedValue(input: Script['inputs'][string], suggested: string | undefined): string {
  if (suggested === undefined) return input.default;
  const fits = input.options ? Object.hasOwn(input.options, suggested) : new RegExp(input.pattern ?? '^$').test(suggested);
  return fits ? suggested : input.default;
}

/** null: always needed. Otherwise the values of each input for which some plan needs the seat; {} when none does. */
function neededWhen(script: Script, seat: string): CeremonyChoice['seats'][number]['neededWhen'] {
  const plans = differentPlans(script);
  const needing = plans.filter((inputs) => neededSeats(script, inputs).includes(seat));
  if (needing.length === plans.length) return null;
  const conditional = conditionalInputs(script);
  const names = Object.entries(script.inputs).filter(([name, input]) => input.options && conditional.has(name));
  return Object.fromEntries(
    names
      .map(([name, input]): [string, string[]] => [
        name,
        [...new Set(needing.map((inputs) => inputs[name] ?? ''))].filter((value) => value in (input.options ?? {})),
      ])
      .filter(([name, values]) => needing.length === 0 || values.length < Object.keys(script.inputs[name]?.options ?? {}).length),
  );
}
