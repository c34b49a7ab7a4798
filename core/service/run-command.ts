import { execFile } from 'node:child_process';

/** How a command ended. `code` null: it could not be started, or took too long. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  /** what it complained of, or why it could not be started */
  readonly problem: string;
}

const PATIENCE_MS = 30_000;

/** Runs a command of the system without a shell. Never rejects. */
export function runCommand(command: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: PATIENCE_MS, windowsHide: true }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      const lines = stderr.trim().split('\n').slice(-3).join(' ').trim();
      resolve({ code, stdout, problem: error === null ? '' : lines || (code === null ? error.message : `exit ${code}`) });
    });
  });
}
