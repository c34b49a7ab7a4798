import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const mounts = new Set<string>();

/** Can this machine give a test a file system of its own? That needs root on Linux, and a container may forbid it. */
export function mountWorks(): boolean {
  if (process.platform !== 'linux' || process.geteuid?.() !== 0) return false;
  try {
    unmount(mountTmpfs('64k'));
    return true;
  } catch {
    return false;
  }
}

/** An empty file system of its own, of a size such as `64k`: the only way to have a full disk or a read-only one for certain. */
export function mountTmpfs(size: string, options = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyrite-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}${options}`, 'keyrite-test', folder], { stdio: 'pipe' });
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  mounts.add(folder);
  return folder;
}

export function remount(folder: string, access: 'ro' | 'rw'): void {
  execFileSync('mount', ['-o', `remount,${access}`, folder]);
}

/** Pulled out: what is under its name from now on is the empty folder it stood on. */
export function detach(folder: string): void {
  execFileSync('umount', ['-l', folder]);
  mounts.delete(folder);
}

export function unmount(folder: string): void {
  detach(folder);
  rmdirSync(folder);
}

/** For afterEach. */
export function unmountAll(): void {
  for (const folder of [...mounts]) unmount(folder);
}
