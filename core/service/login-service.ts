import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../pack/disk-failure';
import { removeIfThere, replaceFile } from '../pack/durable';
import type { Command, ServiceManager } from './manager';
import { MARK, unwritable, type ServicePlan } from './plan';
import { runCommand, type Ended } from './run-command';

/** `problem`: a sentence for people, with what to do. */
export type Told<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const refused = (problem: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem });

/** `foreign`: a file with our name that is not ours. */
export type Installed = 'no' | 'ours' | 'foreign';

async function fileText({ file, encoding }: ServiceManager): Promise<string | null> {
  try {
    return await readFile(file, encoding);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT' || errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

export async function installedHere(manager: ServiceManager): Promise<Installed> {
  const text = await fileText(manager).catch(() => '');
  if (text === null) return 'no';
  return text.includes(MARK) ? 'ours' : 'foreign';
}

const said = (command: Command, { problem }: Ended): string => `"${command.join(' ')}" failed: ${problem}`;

function foreign({ file }: ServiceManager): string {
  return `${file} was not written by Keyrite and is left as it is. Move it away first, if it is of no use any more.`;
}

/** The first command that fails, told; '' when all went well. */
async function perform(commands: readonly Command[]): Promise<string> {
  for (const command of commands) {
    const [program, ...args] = command;
    const ended = await runCommand(program, args);
    if (ended.code !== 0) return said(command, ended);
  }
  return '';
}

function bytesOf(manager: ServiceManager, text: string): Uint8Array {
  // The Task Scheduler wants UTF-16 with its mark.
  return Buffer.from(manager.encoding === 'utf16le' ? `\uFEFF${text}` : text, manager.encoding);
}

/** Puts back what was there before: our old file, or none. */
async function restore(manager: ServiceManager, before: string | null): Promise<void> {
  if (before === null) await removeIfThere(manager.file);
  else await replaceFile(manager.file, bytesOf(manager, before.replace(/^\uFEFF/, '')));
  await perform(manager.forget);
}

/** Installs and starts the service. What fails is told, and nothing half-installed is left behind. */
export async function installService(manager: ServiceManager, plan: ServicePlan): Promise<Told<null>> {
  const wrong = unwritable(plan);
  if (wrong !== '') return refused(wrong);
  if ((await installedHere(manager)) === 'foreign') return refused(foreign(manager));
  const before = await fileText(manager);
  try {
    await mkdir(dirname(manager.file), { recursive: true });
    await replaceFile(manager.file, bytesOf(manager, manager.render(plan)));
  } catch (error) {
    return refused(`${manager.file} cannot be written (${errnoOf(error) || String(error)}).`);
  }
  const problem = await perform(manager.install);
  if (problem === '') return { ok: true, value: null };
  await perform(manager.stop);
  await restore(manager, before);
  return refused(`${problem}. Nothing was installed.`);
}

/** Stops the service and takes it away; the proxy's own folders stay as they are. */
export async function uninstallService(manager: ServiceManager): Promise<Told<null>> {
  const installed = await installedHere(manager);
  if (installed === 'no') return refused(`No service is installed here (${manager.file}).`);
  if (installed === 'foreign') return refused(foreign(manager));
  const stopping = await perform(manager.stop);
  try {
    await removeIfThere(manager.file);
  } catch (error) {
    return refused(`${manager.file} cannot be removed (${errnoOf(error) || String(error)}).`);
  }
  const forgetting = await perform(manager.forget);
  const problems = [stopping, forgetting].filter(Boolean);
  if (problems.length === 0) return { ok: true, value: null };
  return refused(
    `${problems.join('; ')}. The file is gone, so it does not start again; whether it still runs, say: keyrite status.`,
  );
}

/** What the manager says of it. */
export async function serviceState(manager: ServiceManager): Promise<'none' | 'installed' | 'running'> {
  if ((await installedHere(manager)) !== 'ours') return 'none';
  const [program, ...args] = manager.query;
  const { code, stdout } = await runCommand(program, args);
  return code === 0 && manager.runningWhen.test(stdout) ? 'running' : 'installed';
}
