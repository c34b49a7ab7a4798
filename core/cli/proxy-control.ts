import { userInfo } from 'node:os';
import { plainText, type Act } from '../control/act';
import { chosenFolder } from '../control/chosen-folder';
import type { Failure } from '../contract/result';
import { becomeOwner } from './become-owner';
import { failureText } from '../contract/failure-text';
import { EXIT, type ExitCode, type VerbContext, type VerbOption } from './verb';

/** What the proxy's own verb reads where --config is not given (core/cli/proxy.ts). */
const SETTINGS_VARIABLE = 'XKS_PROXY_SETTINGS_TOML';

/** Options of every verb that speaks to a running proxy: which one. */
export const WHICH_PROXY: Readonly<Record<string, VerbOption>> = {
  config: {
    type: 'string',
    value: 'FILE',
    hint: `the proxy's settings, for where its state folder is; default: $${SETTINGS_VARIABLE}`,
  },
  state: { type: 'string', value: 'DIR', hint: 'the state folder itself' },
};

/** Options of every verb that is recorded with who and why. */
export const WHO_AND_WHY: Readonly<Record<string, VerbOption>> = {
  by: { type: 'string', value: 'NAME', hint: 'who does it; default: the user of this terminal' },
  reason: { type: 'string', value: 'TEXT', hint: 'why, for the audit log' },
};

export const WHICH_PROXY_NOTE =
  'Speaks to the proxy over a private socket in its state folder, as the same user or as root. Where neither --state nor --config is given: $STATE_DIRECTORY, /var/lib/keyrite-proxy for root, else keyrite/proxy in $XDG_STATE_HOME or ~/.local/state.';

/** How long a proxy may take to answer, ms: a disk or an HSM may be slow. */
export const ANSWER_MS = 10_000;

export function textOf(context: VerbContext, name: string): string {
  const value = context.values[name];
  return typeof value === 'string' ? value : '';
}

/** The state folder that was meant. null: told why not. As root, this process acts as the folder's owner from here on. */
export async function folderOf(context: VerbContext): Promise<string | null> {
  const config = textOf(context, 'config') || (process.env[SETTINGS_VARIABLE] ?? '');
  const folder = await chosenFolder({ state: textOf(context, 'state'), config, env: process.env });
  if (!folder.ok) {
    context.err(
      `Which proxy? ${Object.values(folder.error.detail).join(': ')}. --state DIR names its state folder without any file.`,
    );
    return null;
  }
  await becomeOwner(folder.value);
  return folder.value;
}

/** Taken before `folderOf`, which may change the user. */
export function actOf(context: VerbContext): Act {
  return { who: plainText(textOf(context, 'by')) || plainText(userName()), why: plainText(textOf(context, 'reason')) };
}

/** Behind sudo stands a person; a container's user may have no name. */
function userName(): string {
  const uid = process.getuid?.();
  if (uid === 0 && process.env['SUDO_USER']) return process.env['SUDO_USER'];
  try {
    return userInfo().username;
  } catch {
    return `uid ${uid ?? 'unknown'}`;
  }
}

/** A proxy that does not run is something this machine lacks; everything else is a no. */
export function refused(context: VerbContext, error: Failure): ExitCode {
  context.err(failureText(error));
  return error.code === 'proxy.notRunning' ? EXIT.lacking : EXIT.no;
}

export const NOT_RECORDED = 'The audit log could not be written; the line follows when it works again.';
