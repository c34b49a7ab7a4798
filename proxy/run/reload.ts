import type { Act } from '../../core/control/act';
import type { Answer } from '../../core/control/contract';
import { failure, success, type Result } from '../../core/contract/result';
import type { Audit } from '../audit/audit';
import type { Log } from '../log';
import type { ProxyServer } from '../server';
import { restartNeeded } from '../settings/changes';
import { describeRemarks } from '../settings/describe';
import type { SettingsAnswer } from '../settings/read';
import type { Settings, SettingsRemark } from '../settings/settings';
import type { InForce } from './in-force';
import type { Loaded } from './secrets-at-hand';
import { whatChanged } from './what-changed';

/** How the last reload went, for `keyrite status`. */
export interface LastReload {
  readonly at: string;
  readonly ok: boolean;
  readonly problem: string;
}

export interface ReloadParts {
  readonly read: () => Promise<SettingsAnswer>;
  readonly prepare: (settings: Settings, before: InForce) => Promise<Loaded<InForce>>;
  /** the settings the process was started with: what is fixed stays as they say */
  readonly started: Settings;
  readonly inForce: () => InForce;
  readonly swap: (next: InForce) => void;
  readonly server: Pick<ProxyServer, 'reloadTls' | 'certificate'>;
  readonly audit: Pick<Audit, 'act'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly now: () => number;
}

export interface Reloading {
  readonly reload: (act: Act) => Promise<Result<Answer<'reload'>>>;
  readonly last: () => LastReload | null;
}

/** What was found out before anything changes. */
interface Proposed {
  readonly next: InForce;
  readonly needsRestart: readonly string[];
}

/** Reloads come one after the other; each takes over all of a good file, or nothing of a bad one. */
export function reloading(parts: ReloadParts): Reloading {
  let last: LastReload | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  const settle = async (act: Act): Promise<Result<Answer<'reload'>>> => {
    const done = await takeOver(parts, act);
    last = { at: new Date(parts.now()).toISOString(), ok: done.ok, problem: done.ok ? '' : String(done.error.detail['problem']) };
    return done;
  };
  return {
    last: () => last,
    reload: (act) => {
      const done = turn.then(() => settle(act));
      turn = done.catch(() => undefined);
      return done;
    },
  };
}

async function takeOver(parts: ReloadParts, act: Act): Promise<Result<Answer<'reload'>>> {
  const proposed = await propose(parts);
  if (!proposed.ok) return refused(parts, act, proposed.remarks);
  const was = parts.inForce();
  const { next, needsRestart } = proposed.value;
  const certificate = parts.server.certificate()?.expiresAt;
  const tls = await parts.server.reloadTls(next.settings.tls);
  if (!tls.ok) return refused(parts, act, [tls.problem]);
  parts.swap(next);
  const changed = [...whatChanged(was, next), ...certificateChange(certificate, tls.certificate?.expiresAt)];
  parts.log.info('settings were reloaded', { changed, needsRestart });
  return success({ changed, needsRestart: [...needsRestart], recorded: await parts.audit.act('reloaded', { ...act, changed }) });
}

async function propose({ read, prepare, started, inForce }: ReloadParts): Promise<Loaded<Proposed>> {
  const answer = await read();
  if (!answer.ok) return { ok: false, remarks: answer.remarks };
  const prepared = await prepare(answer.settings, inForce());
  if (!prepared.ok) return prepared;
  return { ok: true, value: { next: prepared.value, needsRestart: restartNeeded(started, answer.settings) } };
}

function certificateChange(was: number | undefined, is: number | undefined): string[] {
  return is === undefined || was === is ? [] : [`certificate: now good until ${new Date(is).toISOString()}`];
}

async function refused({ audit, log }: ReloadParts, act: Act, remarks: readonly SettingsRemark[]): Promise<Result<never>> {
  const problem = describeRemarks(
    remarks.filter(({ severity }) => severity === 'error'),
    false,
  );
  log.warn('a reload was refused; everything is as it was', { problem });
  await audit.act('reloadRefused', { ...act, problem });
  return failure('proxy.reloadRefused', { problem });
}
