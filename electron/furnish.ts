import type { BridgeFunctions } from '../core/contract/bridge';
import { openRegistry } from '../core/officers/registry';
import { openCalendar } from '../core/station/calendar';
import { openStation } from '../core/station/station';
import { TOOL } from '../core/contract/tool';
import { openAwsSource } from './aws-source';
import { openDoor, type Door } from './bridge/door';
import { appFunctions } from './bridge/app';
import { calendarFunctions } from './bridge/calendar';
import { ceremonyFunctions } from './bridge/ceremony';
import { deskFunctions } from './bridge/desk';
import { evidenceFunctions } from './bridge/evidence';
import { keyPolicyFunctions } from './bridge/key-policy';
import { keysFunctions } from './bridge/keys';
import { kmsFunctions } from './bridge/kms';
import { officersFunctions } from './bridge/officers';
import { settingsFunctions } from './bridge/settings';
import { openTokens } from './children/tokens';
import type { Folders } from './folders';
import { findImported } from './imported-key';
import { openKmsLook } from './kms-look';
import type { Leaving } from './leaving';
import { LOG, type Log } from './log';
import type { MenuActs } from './menu';
import { openMedia } from './media';
import { openPeople } from './people-store';
import { closeProjector, openProjector } from './projector';
import { openProxyHouse } from './proxy-house';
import type { SettingsStore } from './settings-store';
import { suggestedInputs } from './suggested-inputs';
import { windows } from './windows';

export interface House {
  readonly door: Door;
  readonly menu: MenuActs;
  readonly leaving: Leaving;
  /** Ends what runs beside the app: the proxy and the embedded rehearsal KMS. */
  readonly close: () => Promise<void>;
}

/**
 * Puts station, officers and token behind the verbs of the bridge. Loaded while the window opens: reading all of it takes longer
 * than drawing an empty page.
 */
export function furnish(ground: { folders: Folders; settings: SettingsStore; log: Log }): House {
  const { folders, settings, log } = ground;
  const tokens = openTokens(folders, settings, log);
  const registry = openRegistry(folders.officers);
  const now = (): Date => new Date();
  const people = openPeople(folders.peopleFile, now);
  const aws = openAwsSource({
    rehearsalFolder: folders.rehearsalKms,
    proxyFolder: folders.proxy,
    settings: () => settings.get().aws,
    peoplePolicy: people.keyPolicy,
  });
  const look = openKmsLook(aws.kms, findImported(folders.evidence));
  const media = openMedia(folders.rehearsalMedia);
  const proxyHouse = openProxyHouse(ground);
  const station = openStation({
    tool: TOOL,
    resourcesFolder: folders.resources,
    evidenceFolder: folders.evidence,
    officersFolder: folders.officers,
    mirrorFolder: () => settings.get().mirror,
    stationIdentity: () => settings.get().station,
    tokenAddress: tokens.address,
    startTokenProcess: tokens.start,
    suggestedInputs: () => Promise.resolve(suggestedInputs(settings.get())),
    kms: aws.kms,
    keyPolicy: aws.keyPolicy,
    mediumFolder: media.folder,
    proxy: proxyHouse.proxy,
    privateFolder: folders.private,
    calendarFile: folders.calendarFile,
    now,
    onChange: (view) => {
      windows.tell('ceremony.changed', view);
    },
  });
  const isRehearsal = (): boolean => settings.get().embeddedToken;
  const isOnStage = (): boolean => station.current() !== null;
  const projector = { open: () => openProjector(folders.preload, log), close: closeProjector };
  const main: BridgeFunctions = {
    app: appFunctions('main', projector),
    desk: deskFunctions({ station, officers: registry, tokens, isRehearsal, privateFolder: folders.private }),
    settings: settingsFunctions({ store: settings, tokens, aws, isBusy: isOnStage }),
    officers: officersFunctions({
      registry,
      isRehearsal,
      onChange: (officers) => {
        windows.tell('officers.changed', officers);
      },
    }),
    ceremony: ceremonyFunctions(station, media),
    evidence: evidenceFunctions({ station, folder: folders.evidence }),
    keys: keysFunctions({ tokens, isBusy: isOnStage }),
    kms: kmsFunctions({ look, settings: () => settings.get().aws }),
    keyPolicy: keyPolicyFunctions({ people, look, now }),
    calendar: calendarFunctions({ calendar: openCalendar(folders.calendarFile), now }),
    proxy: proxyHouse.functions,
  };
  return {
    door: openDoor(
      {
        main,
        projector: { app: { info: appFunctions('projector', projector).info }, ceremony: { current: main.ceremony.current } },
      },
      {
        refused: (reason, what) => {
          log.note(LOG.bridgeRefused, { reason, what });
        },
        fault: log.fault,
      },
    ),
    menu: { projector, kill: proxyHouse.killFromMenu, isShortcutOn: proxyHouse.isShortcutOn },
    leaving: {
      isCeremonyRunning: () => isOnStage() && station.current()?.phase !== 'sealed',
      isProxyRunning: proxyHouse.isRunning,
      hasTray: proxyHouse.hasTray,
      stopProxy: proxyHouse.proxy.stop,
      tellOfTray: () => {
        const isFirst = !settings.toldOfTray();
        if (isFirst) settings.change({ toldOfTray: true });
        return isFirst;
      },
    },
    close: async () => {
      await Promise.all([proxyHouse.proxy.close(), aws.stop()]);
    },
  };
}
