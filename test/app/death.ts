import { spawnSync, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from '../../core/setup/root.mjs';
import { expect, type RunningApp } from './launch';

/** How often the journal is looked at while the app runs, in milliseconds: a key of 4096 bits takes much longer. */
const LOOK_MS = 2;

/** A child that is seen asleep this often in a row has answered; one that writes or computes is not asleep. */
const RESTFUL_LOOKS = 100;

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Kills the app with all its processes at once, as a power cut would: Playwright starts it as the head of a group of its own. */
export async function killAll({ process: app }: Pick<RunningApp, 'process'>): Promise<void> {
  const ended = new Promise<void>((resolve) => (hasEnded(app) ? resolve() : app.once('exit', () => resolve())));
  process.kill(-(app.pid ?? 0), 'SIGKILL');
  await ended;
  await expect.poll(() => groupOf(app.pid ?? 0)).toEqual([]);
}

/** Processes of the group that still run; only Linux tells. */
export function groupOf(leader: number): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statOf(pid)?.group === leader);
}

/** Group, used processor ticks and rest of a process that runs, else null. */
function statOf(pid: number): { readonly group: number; readonly ticks: number; readonly sleeps: boolean } | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const [state, , group, , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? null : { group: Number(group), ticks: Number(user) + Number(system), sleeps: state === 'S' };
  } catch {
    return null;
  }
}

/** The folder of the one pack; a running ceremony has its lock beside it. */
export function packIn(data: string): string {
  const evidence = join(data, 'evidence');
  return join(evidence, readdirSync(evidence).find((name) => /^[a-z0-9]/.test(name) && !name.includes('.')) ?? '');
}

/** The transcript of the one ceremony in the data folder; '' before there is one. */
export function transcriptIn(data: string): string {
  try {
    return readFileSync(join(packIn(data), 'transcript.jsonl'), 'utf8');
  } catch {
    return '';
  }
}

/** What the terminal's verifier says of the one pack, as an auditor would run it. */
export function verifyPackOf(data: string): string {
  const verifier = inRepository('dist', 'main', 'keyrite.js');
  const { stdout, stderr } = spawnSync(process.execPath, [verifier, 'verify', packIn(data)], { encoding: 'utf8' });
  return `${stdout}${stderr}`;
}

/** Files of objects on the practice token: SoftHSM keeps each object in one. */
export function objectsIn(data: string): number {
  return readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((path) => /(?<!token)\.object$/.test(path)).length;
}

/** Looks again and again, as fast as it can without starving the rest, until it holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

/** Lines of the transcript that fit; one that is still being written does not count. */
function linesLike(data: string, wanted: RegExp): number {
  return transcriptIn(data)
    .split('\n')
    .slice(0, -1)
    .filter((line) => wanted.test(line)).length;
}

/** Resolves when that many lines of the transcript fit. */
export function written(data: string, wanted: RegExp, count = 1): Promise<void> {
  return until(() => linesLike(data, wanted) >= count);
}

/** Ticks that the token children of the app have used, and whether all of them wait for something to do. */
function tokenWork(app: ChildProcess): { readonly ticks: number; readonly rests: boolean } {
  const children = groupOf(app.pid ?? 0)
    .filter((pid) => isTokenChild(pid))
    .map((pid) => statOf(pid));
  const ticks = children.reduce((sum, child) => sum + (child?.ticks ?? 0), 0);
  return { ticks, rests: children.every((child) => child?.sleeps !== false) };
}

function isTokenChild(pid: number): boolean {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes('node.mojom.NodeService');
  } catch {
    return false;
  }
}

/**
 * Resolves when the token holds what the last intent asked for while the record cannot know it: the main process is frozen once the
 * token child is at work, so the answer is never heard. Linux only.
 */
export async function madeUnheard(app: RunningApp, intent: RegExp, count: number): Promise<void> {
  const before = objectsIn(app.data);
  await written(app.data, intent, count);
  const { ticks } = tokenWork(app.process);
  await until(() => tokenWork(app.process).ticks > ticks + 2);
  app.process.kill('SIGSTOP');
  await until(() => objectsIn(app.data) === before + 2);
  let restful = 0;
  await until(() => {
    restful = tokenWork(app.process).rests ? restful + 1 : 0;
    return restful > RESTFUL_LOOKS;
  });
}
