import { resolve } from 'node:path';
import { ask } from '../control/ask';
import { chosenFolder } from '../control/chosen-folder';
import { loadProfiles } from '../pkcs11/profile';
import { installedHere, installService, serviceState, uninstallService } from '../service/login-service';
import { serviceManager, type ServiceManager } from '../service/manager';
import { unwritable, type ServicePlan } from '../service/plan';
import { inRepository } from '../setup/root.mjs';
import { glanceAtSettings } from '../supervision/settings-glance';
import { textOf } from './proxy-control';
import { END, loadProxyRoom } from './proxy-room';
import { EXIT, type ExitCode, type Verb, type VerbContext } from './verb';

const SETTINGS_VARIABLE = 'XKS_PROXY_SETTINGS_TOML';
/** A proxy that starts or works hard may take a moment, ms. */
const ANSWER_MS = 5_000;

function configOf(context: VerbContext): string {
  const told = textOf(context, 'config') || (process.env[SETTINGS_VARIABLE] ?? '');
  return told === '' ? '' : resolve(told);
}

/** What the HSM's library reads, as it is set here now: the service does not see this terminal's environment. */
async function libraryEnvironment(): Promise<Record<string, string>> {
  const profiles = await loadProfiles(inRepository('resources', 'profiles'));
  const names = new Set(profiles.ok ? profiles.value.flatMap(({ environment }) => [...environment]) : []);
  return Object.fromEntries(
    [...names].flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const])),
  );
}

async function planFor(config: string): Promise<ServicePlan> {
  return {
    node: process.execPath,
    program: inRepository('dist', 'main', 'keyrite.js'),
    config,
    environment: await libraryEnvironment(),
  };
}

/** Nobody is there to enter a PIN for a service, so the settings have to say where it lies. */
async function unattended(config: string): Promise<string> {
  const glance = await glanceAtSettings(config);
  if (glance === null) return `There is no settings file ${config}.`;
  if (glance.hsm?.pin_from !== 'supervisor') return '';
  return 'The settings take the PIN from the desktop app (hsm.pin_from), and a service has nobody to ask. Keep it in a file of its own (mode 0600) and write pin_file instead.';
}

async function install(context: VerbContext, manager: ServiceManager): Promise<ExitCode> {
  const { err, out, isTerminal, signal } = context;
  const config = configOf(context);
  if (config === '') {
    err(`Which settings? Name them with --config FILE or $${SETTINGS_VARIABLE}.`);
    return EXIT.unusable;
  }
  const plan = await planFor(config);
  const wrong = (await unattended(config)) || unwritable(plan);
  if (wrong !== '') {
    err(wrong);
    return EXIT.unusable;
  }
  if (context.values['dry-run'] === true) {
    out(manager.render(plan));
    err(`Would be written to ${manager.file}; then: ${manager.install.map((command) => command.join(' ')).join('; ')}`);
    return EXIT.done;
  }
  const { runProxy } = await loadProxyRoom();
  const good = await runProxy(
    { settingsFile: config, checkOnly: true, makeHealthKey: false },
    { out: () => undefined, err, isTerminal, signal },
  );
  if (good !== 'done') return END[good];
  const done = await installService(manager, plan);
  if (!done.ok) {
    err(done.problem);
    return EXIT.lacking;
  }
  out(`Installed and started: ${manager.file}`);
  err(manager.note);
  return EXIT.done;
}

async function uninstall({ out, err, values }: VerbContext, manager: ServiceManager): Promise<ExitCode> {
  if (values['dry-run'] === true) {
    const commands = [...manager.stop, ...manager.forget].map((command) => command.join(' ')).join('; ');
    err(`Would remove ${manager.file} and run: ${commands}`);
    return EXIT.done;
  }
  const done = await uninstallService(manager);
  if (!done.ok) {
    err(done.problem);
    return EXIT.no;
  }
  out(`Stopped and removed: ${manager.file}`);
  err('Settings, latch and audit log are where they were; what was killed is still killed.');
  return EXIT.done;
}

const WORDS = {
  none: 'No service of Keyrite is installed.',
  installed: 'Installed, not running.',
  running: 'Installed and running.',
} as const;

async function status(context: VerbContext, manager: ServiceManager): Promise<ExitCode> {
  const { out, err, values } = context;
  const folder = await chosenFolder({ state: '', config: configOf(context), env: process.env });
  const asked = folder.ok ? await ask(folder.value, { verb: 'status' }, { timeoutMs: ANSWER_MS }) : folder;
  const service = await serviceState(manager);
  const isForeign = (await installedHere(manager)) === 'foreign';
  const proxy = asked.ok ? { pid: asked.value.pid, killed: asked.value.latch.killed, hsm: asked.value.hsm.condition } : null;
  if (values['json'] === true) {
    const stateFolder = folder.ok ? folder.value : '';
    out(JSON.stringify({ manager: manager.name, file: manager.file, service, isForeign, stateFolder, proxy }));
    return service === 'running' ? EXIT.done : EXIT.no;
  }
  out(`${manager.name}: ${WORDS[service]}`);
  out(`  file: ${manager.file}${isForeign ? ' (not written by Keyrite, and left alone)' : ''}`);
  if (folder.ok) out(`  state folder: ${folder.value}`);
  if (proxy === null)
    out(`  proxy: ${asked.ok ? '' : asked.error.code === 'proxy.notRunning' ? 'none runs there' : asked.error.code}`);
  else {
    out(`  proxy: process ${proxy.pid}, ${proxy.killed ? 'KILLED' : 'armed'}, HSM ${proxy.hsm}`);
    err(
      'The desktop app shows a proxy with this state folder as one that something else started: it can kill and watch it, not pause it.',
    );
  }
  return service === 'running' ? EXIT.done : EXIT.no;
}

const ACTS = { install, uninstall, status } as const;

export const verb: Verb = {
  name: 'service',
  summary: 'keep the XKS proxy running from login on, without the desktop app',
  usage: 'service install|uninstall|status [--config FILE] [--dry-run] [--json]',
  options: {
    config: { type: 'string', value: 'FILE', hint: `settings (TOML); default: $${SETTINGS_VARIABLE}` },
    'dry-run': { type: 'boolean', default: false, hint: 'only print what would be written and run' },
    json: { type: 'boolean', default: false, hint: 'status as one JSON object' },
  },
  positionals: { min: 1, max: 1 },
  notes: [
    'A systemd user unit, a launchd agent or a task of the Task Scheduler, for this user alone. A file of that name that Keyrite did not write is never touched.',
    'The settings must not take the PIN from the desktop app. A killed proxy stays killed, whoever starts it.',
    'For a server there is resources/templates/systemd: a system service with a user of its own and far more hardening.',
    'Exit codes: 0 done, or it runs; 1 it does not run, or could not be removed cleanly; 2 unusable settings or arguments; 3 this machine’s service manager refused.',
  ],
  run: (context) => {
    const [act = ''] = context.positionals;
    const manager = serviceManager(process.env);
    if (!Object.hasOwn(ACTS, act)) {
      context.err(`"${act}" is none of install, uninstall, status.`);
      return Promise.resolve(EXIT.unusable);
    }
    if (manager === null) {
      context.err(`Login services of ${process.platform} are not known here.`);
      return Promise.resolve(EXIT.lacking);
    }
    return ACTS[act as keyof typeof ACTS](context, manager);
  },
};
