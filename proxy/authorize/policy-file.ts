import { constants, open } from 'node:fs/promises';
import type { SettingsRemark } from '../settings/settings';
import { policyError } from './policy-problem';

/** Bytes. The engine reads a file of this size in about 30 ms, which is what a swap may cost the calls in flight. */
export const POLICY_FILE_BYTES = 256 * 1024;

/** A pipe in its place would hold a reload for ever, and with it every reload after. Windows has none among files. */
const AT_ONCE = process.platform === 'win32' ? 0 : constants.O_NONBLOCK;

export type PolicyText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problems: readonly SettingsRemark[] };

function refuse(file: string, problem: string, remedy: string): PolicyText {
  return { ok: false, problems: [policyError(file, problem, remedy)] };
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * Reads a policy file. Links are followed, because a mounted configuration is one; a file that everybody on the machine may write
 * is refused, because whoever writes it authorizes.
 */
export async function readPolicyFile(file: string): Promise<PolicyText> {
  const handle = await open(file, constants.O_RDONLY | AT_ONCE).catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (typeof handle === 'string')
    return refuse(file, `The file cannot be read (${handle}).`, 'Name a file that this user can read.');
  try {
    const info = await handle.stat();
    if (!info.isFile()) return refuse(file, 'This is not a file.', 'Name one file with Cedar policies.');
    if (process.platform !== 'win32' && (info.mode & 0o002) !== 0)
      return refuse(file, 'Everybody on this machine may write the file.', `Take the right away: chmod o-w ${file}`);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(POLICY_FILE_BYTES + 1), 0, POLICY_FILE_BYTES + 1, 0);
    if (bytesRead > POLICY_FILE_BYTES)
      return refuse(
        file,
        `The file is larger than ${POLICY_FILE_BYTES} bytes.`,
        'Write lists as sets: ["a", "b"].contains(principal.arn).',
      );
    const text = decode(buffer.subarray(0, bytesRead));
    return text === null ? refuse(file, 'The file is not UTF-8 text.', 'Save it as UTF-8.') : { ok: true, text };
  } finally {
    await handle.close();
  }
}
