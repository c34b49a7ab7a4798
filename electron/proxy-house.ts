import { userInfo } from 'node:os';
import { app, powerMonitor } from 'electron';
import type { BridgeFunctions } from '../core/contract/bridge';
import type { ProxySnapshot } from '../core/contract/proxy-values';
import { childEnvironment } from '../core/pkcs11/environment';
import { PRACTICE } from '../core/rehearsal/practice';
import { serviceState } from '../core/service/login-service';
import { serviceManager } from '../core/service/manager';
import { openStationProxy, type SupervisedProxy } from '../core/supervision/station-proxy';
import { atMost } from './at-most';
import { proxyFunctions } from './bridge/proxy';
import { proxyPolicyFunctions } from './bridge/proxy-policy';
import { launchPolicyTrial } from './children/policy-trial';
import { utilityLaunch } from './children/proxy-child';
import { proxyEnvironment } from './children/proxy-environment';
import type { Folders } from './folders';
import { openKillSwitch } from './kill-switch';
import { LOG, type Log } from './log';
import { isOursRunning } from './proxy-light';
import { noticeOf } from './notice';
import { openPolicyTrials } from './policy-trials';
import { showNotice } from './show-notice';
import type { SettingsStore } from './settings-store';
import { KILL_SHORTCUT, registerKillShortcut } from './shortcut';
import { TEXT } from './text';
import { findTray, openTray } from './tray';
import { focusMainWindow } from './window';
import { windows } from './windows';

/** How often the login service is looked at, ms: people install it in a terminal. */
const SERVICE_MS = 30_000;
const MACHINE_LOG = { stoodStill: LOG.stoodStill, clockSet: LOG.clockSet, addresses: LOG.addressesChanged } as const;
/** How often pages are told at most, ms. */
const PUSH_MS = 250;

export interface ProxyHouse {
  readonly proxy: SupervisedProxy;
  readonly functions: BridgeFunctions['proxy'];
  readonly killFromMenu: () => void;
  /** a process of ours runs, or comes back by itself */
  readonly isRunning: () => boolean;
  readonly hasTray: () => boolean;
  /** false: the shortcut works in our own window only */
  readonly isShortcutOn: boolean;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'this computer';
  }
}

/** The proxy under this app's supervision, and all that shows it or switches it outside of the window. */
export function openProxyHouse(ground: { folders: Folders; settings: SettingsStore; log: Log }): ProxyHouse {
  const { folders, settings, log } = ground;
  let hasTray = process.platform !== 'linux';
  let last: ProxySnapshot | null = null;
  let service: ProxySnapshot['service'] = 'none';
  const proxy = openStationProxy({
    folder: folders.proxy,
    launch: utilityLaunch({ proxy: folders.proxyChild, hsmProcess: folders.hsmProcess }, log),
    environment: () => proxyEnvironment(process.env, folders, settings.get().embeddedToken),
    practicePin: () => (settings.get().embeddedToken ? new TextEncoder().encode(PRACTICE.userPin) : null),
    around: () => ({ service, switches: { shortcut: KILL_SHORTCUT, isShortcutOn, hasTray } }),
  });
  const trials = openPolicyTrials(() => launchPolicyTrial(folders.policyTrial, childEnvironment(process.env, []), log));
  const user = userName();
  const killSwitch = openKillSwitch(proxy, user, log);
  const killFrom = (place: keyof typeof TEXT.proxy.killBy): void => {
    void killSwitch.kill(TEXT.proxy.killBy[place]).then(({ problem, tookMs }) => {
      const { title, done, notSure } = TEXT.proxy.killed;
      showNotice(problem === '' ? { title, body: done(tookMs) } : { title: notSure, body: problem });
    });
  };
  const isShortcutOn = registerKillShortcut(() => {
    killFrom('shortcut');
  });
  if (!isShortcutOn) log.note(LOG.shortcutTaken);
  const tray = openTray({
    openWindow: focusMainWindow,
    kill: () => {
      killFrom('tray');
    },
    quit: () => {
      app.quit();
    },
  });

  async function tell(): Promise<void> {
    const now = await proxy.snapshot();
    const before = last;
    last = now;
    windows.tell('proxy.changed', now);
    tray.show(now);
    if (before === null) return;
    if (before.process.phase !== now.process.phase)
      log.note(LOG.proxyPhase, { phase: now.process.phase, problem: now.process.problem?.code ?? '' });
    const notice = noticeOf(before, now, killSwitch.isJustUsed());
    if (notice !== null) showNotice(notice);
  }
  const push = atMost(PUSH_MS, () => {
    void tell().catch((cause: unknown) => log.fault('proxy snapshot', cause));
  });
  proxy.onChange(push);
  push();
  void findTray().then((isFound) => {
    hasTray = isFound;
    push();
  });
  const manager = serviceManager(process.env);
  const lookAtService = async (): Promise<void> => {
    if (manager !== null) service = await serviceState(manager);
  };
  const looking = (): void => void lookAtService().catch((cause: unknown) => log.fault('login service', cause));
  setInterval(looking, SERVICE_MS).unref();
  looking();
  powerMonitor.on('suspend', () => {
    log.note(LOG.suspended);
    proxy.machine.sleeps();
  });
  powerMonitor.on('resume', () => {
    log.note(LOG.resumed);
    proxy.machine.woke();
  });
  proxy.machine.onEvent((event) => {
    log.note(MACHINE_LOG[event.what], event.what === 'clockSet' ? { byMs: event.byMs } : {});
  });
  void proxy.resume().catch((cause: unknown) => log.fault('proxy resume', cause));
  return {
    proxy,
    functions: { ...proxyFunctions({ proxy, killSwitch, user }), ...proxyPolicyFunctions({ proxy, trials }) },
    killFromMenu: () => {
      killFrom('menu');
    },
    isRunning: () => last !== null && isOursRunning(last.process),
    hasTray: () => hasTray,
    isShortcutOn,
  };
}
