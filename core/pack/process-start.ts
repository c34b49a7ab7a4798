import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * When a process began, as a text that only has to be equal for the same process and different for another one that was given the
 * same pid later. '' where the process is gone or the platform will not say (then the pid alone decides).
 */
export async function processStart(pid: number): Promise<string> {
  try {
    return await readStart(pid);
  } catch {
    return ''; // gone, or not ours to ask about
  }
}

async function readStart(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // proc_pid_stat(5): the command name may hold spaces and brackets, so count from the last ')'; starttime is field 22
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return `${boot.trim()}:${fields[19] ?? ''}`;
  }
  if (process.platform === 'win32') return '';
  return (await run('ps', ['-o', 'lstart=', '-p', String(pid)])).stdout.trim();
}

/** Is there a process with this pid? One that is not ours counts (EPERM). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Dead, with a parent that has not asked for its exit code: it has a number and runs nothing (proc_pid_stat(5), field 3). */
export async function isZombie(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return true; // no such process any more
  }
}
