import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, win32 } from 'node:path';
import { LAUNCHD_LABEL, launchdPlist } from './launchd-plist';
import { SERVICE_NAME, type ServicePlan } from './plan';
import { scheduledTask, TASK_NAME } from './scheduled-task';
import { systemdUnit } from './systemd-unit';

export type Command = readonly [program: string, ...args: string[]];

/** What a platform's manager of login services wants: a file, and commands around it. */
export interface ServiceManager {
  /** for people */
  readonly name: string;
  readonly file: string;
  readonly encoding: 'utf8' | 'utf16le';
  readonly render: (plan: ServicePlan) => string;
  /** after the file is there */
  readonly install: readonly Command[];
  /** while the file is still there; that nothing runs is no failure */
  readonly stop: readonly Command[];
  /** after the file is gone */
  readonly forget: readonly Command[];
  /** Exits with 0 and matches `runningWhen` while it runs. */
  readonly query: Command;
  readonly runningWhen: RegExp;
  /** what people should know after the installation */
  readonly note: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

function systemd(env: Environment): ServiceManager {
  const { XDG_CONFIG_HOME: chosen = '' } = env;
  const config = isAbsolute(chosen) ? chosen : join(env['HOME'] ?? homedir(), '.config');
  const unit = `${SERVICE_NAME}.service`;
  const user = (...args: string[]): Command => ['systemctl', '--user', ...args];
  return {
    name: 'systemd (user)',
    file: join(config, 'systemd', 'user', unit),
    encoding: 'utf8',
    render: systemdUnit,
    install: [user('daemon-reload'), user('enable', '--now', unit)],
    stop: [user('disable', '--now', unit)],
    forget: [user('daemon-reload')],
    query: user('is-active', unit),
    runningWhen: /^active$/m,
    note: 'It runs while you are logged in. To have it from boot on: loginctl enable-linger',
  };
}

function launchd(env: Environment): ServiceManager {
  const home = env['HOME'] ?? homedir();
  const domain = `gui/${String(process.getuid?.() ?? 0)}`;
  const file = join(home, 'Library', 'LaunchAgents', `${LAUNCHD_LABEL}.plist`);
  return {
    name: 'launchd (agent)',
    file,
    encoding: 'utf8',
    render: (plan) => launchdPlist(plan, join(home, 'Library', 'Logs', `${SERVICE_NAME}.log`)),
    install: [['launchctl', 'bootstrap', domain, file]],
    stop: [['launchctl', 'bootout', `${domain}/${LAUNCHD_LABEL}`]],
    forget: [],
    query: ['launchctl', 'print', `${domain}/${LAUNCHD_LABEL}`],
    runningWhen: /^\s*state = running$/m,
    note: 'It runs while you are logged in.',
  };
}

function taskScheduler(env: Environment): ServiceManager {
  const domain = env['USERDOMAIN'];
  const user = domain === undefined ? userInfo().username : `${domain}\\${userInfo().username}`;
  // By its whole path: Windows looks for a bare name in the working folder first, and that may be a medium.
  const schtasks = win32.join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'schtasks.exe');
  const file = join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Keyrite', `${SERVICE_NAME}.xml`);
  return {
    name: 'Task Scheduler',
    file,
    encoding: 'utf16le',
    render: (plan) => scheduledTask(plan, user),
    install: [
      [schtasks, '/Create', '/TN', TASK_NAME, '/XML', file, '/F'],
      [schtasks, '/Run', '/TN', TASK_NAME],
    ],
    stop: [
      [schtasks, '/End', '/TN', TASK_NAME],
      [schtasks, '/Delete', '/TN', TASK_NAME, '/F'],
    ],
    forget: [],
    query: [schtasks, '/Query', '/TN', TASK_NAME, '/FO', 'CSV', '/NH', '/V'],
    runningWhen: /"Running"/,
    note: 'It runs while you are logged in. Variables that the HSM’s library reads have to be set for the user (setx).',
  };
}

/** The manager of this platform; null: none that is known. */
export function serviceManager(env: Environment, platform: NodeJS.Platform = process.platform): ServiceManager | null {
  if (platform === 'linux') return systemd(env);
  if (platform === 'darwin') return launchd(env);
  return platform === 'win32' ? taskScheduler(env) : null;
}
