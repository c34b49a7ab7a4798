import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, success, type Result } from '../contract/result';
import { changeReadmeText, type ServerChange } from './change-readme-text';
import { planText, type DeploymentPlan } from './plan';
import { policyText } from './policy-text';
import { readmeText } from './readme-text';
import { SETTINGS } from './server-commands';
import { settingsText } from './settings-text';
import { dropInText } from './unit-drop-in';

/** A file for the server. No secret is in any of them. */
export interface ServerFile {
  /** below the server's root, without a slash in front; README.md is for people */
  readonly path: string;
  /** e.g. 0o640 */
  readonly mode: number;
  readonly text: string;
}

const SETTINGS_FILE = SETTINGS.slice(1);
/** Beside them, for later ceremonies; the proxy does not read it. */
const PLAN = 'etc/keyrite-proxy/plan.json';

/** Letters that mean themselves to systemd, to a shell and in Markdown. Paths on a server are chosen, so they can be plain. */
const PLAIN_PATH = /^(?:\/[A-Za-z0-9_+@][A-Za-z0-9._+@-]*)+$/;

function refuse(field: string, problem: string): Result<never> {
  return failure('input.invalid', { name: 'deployment plan', problem: `${field}: ${problem}` });
}

function pathsOf(plan: DeploymentPlan): readonly (readonly [string, string])[] {
  const { hsm, tls, secretAccessKey, authorization } = plan;
  return [
    ['hsm.modulePath', hsm.modulePath],
    ['tls.certificateFile', tls.certificateFile],
    ['tls.keyFile', tls.keyFile],
    ['stateFolder', plan.stateFolder],
    ['auditFolder', plan.auditFolder],
    ...(hsm.pin.from === 'file' ? [['hsm.pin.path', hsm.pin.path] as const] : []),
    ...(secretAccessKey.from === 'file' ? [['secretAccessKey.path', secretAccessKey.path] as const] : []),
    ...(authorization === null ? [] : [['authorization.policyFile', authorization.policyFile] as const]),
  ];
}

/** null: the plan can be carried out on a Linux server. */
function problemOf(plan: DeploymentPlan): Result<never> | null {
  for (const [field, path] of pathsOf(plan))
    if (!PLAIN_PATH.test(path))
      return refuse(field, 'On a server, write a path of Linux with A-Z, a-z, 0-9 and . _ + @ - only: /etc/keyrite-proxy/pin.');
  if (plan.hsm.pin.from === 'supervisor') return refuse('hsm.pin', 'A service has no supervisor: take a credential or a file.');
  if (plan.secretAccessKey.from === 'supervisor')
    return refuse('secretAccessKey', 'A service has no supervisor: take a file, which a reload reads anew.');
  return null;
}

/** What a server's proxy runs by: settings, policy where there is one, and the plan that a later change begins with. */
function settingsFiles(plan: DeploymentPlan): readonly ServerFile[] {
  const policy = policyText(plan);
  const policyFile = plan.authorization?.policyFile.slice(1) ?? '';
  return [
    { path: SETTINGS_FILE, mode: 0o640, text: settingsText(plan) },
    ...(policy === null ? [] : [{ path: policyFile, mode: 0o640, text: policy }]),
    { path: PLAN, mode: 0o640, text: planText(plan) },
  ];
}

/**
 * The files that change on servers that run already: settings, policy and plan, and a README of what to do with them on each host.
 * They are text without secrets.
 */
export function changedServerFiles(change: ServerChange): Result<readonly ServerFile[]> {
  const problem = problemOf(change.plan);
  if (problem !== null) return problem;
  return success([{ path: 'README.md', mode: 0o644, text: changeReadmeText(change) }, ...settingsFiles(change.plan)]);
}

/**
 * The files that make a Linux server (systemd) run the proxy of this plan: settings, policy, unit with a drop-in, and a README with
 * the order of steps. They are text without secrets; whoever installs them puts the secrets beside them.
 * @param templatesFolder `resources/templates`
 */
export async function serverFiles(plan: DeploymentPlan, templatesFolder: string): Promise<Result<readonly ServerFile[]>> {
  const problem = problemOf(plan);
  if (problem !== null) return problem;
  const unitFile = join(templatesFolder, 'systemd', 'keyrite-proxy.service');
  const unit = await readFile(unitFile, 'utf8').catch(() => null);
  if (unit === null) return failure('file.notFound', { path: unitFile });
  return success([
    { path: 'README.md', mode: 0o644, text: readmeText(plan) },
    ...settingsFiles(plan),
    { path: 'etc/systemd/system/keyrite-proxy.service', mode: 0o644, text: unit },
    { path: 'etc/systemd/system/keyrite-proxy.service.d/plan.conf', mode: 0o644, text: dropInText(plan) },
  ]);
}
