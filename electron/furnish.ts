import type { BridgeFunctions } from '../core/contract/bridge';
import { openRegistry } from '../core/officers/registry';
import { openStation } from '../core/station/station';
import { TOOL } from '../core/station/tool';
import type { Tables } from './bridge/door';
import { appFunctions } from './bridge/app';
import { ceremonyFunctions } from './bridge/ceremony';
import { deskFunctions } from './bridge/desk';
import { evidenceFunctions } from './bridge/evidence';
import { keysFunctions } from './bridge/keys';
import { officersFunctions } from './bridge/officers';
import { settingsFunctions } from './bridge/settings';
import type { Folders } from './folders';
import type { Log } from './log';
import { closeProjector, openProjector } from './projector';
import type { SettingsStore } from './settings-store';
import type { TokenSource } from './token-source';
import { windows } from './windows';

export interface House {
  readonly tables: Tables;
  readonly projector: { readonly open: () => void; readonly close: () => void };
  /** A ceremony is on the stage and not sealed. */
  readonly isCeremonyRunning: () => boolean;
}

/** Puts station, officers and token behind the verbs of the bridge. */
export function furnish(ground: { folders: Folders; settings: SettingsStore; tokens: TokenSource; log: Log }): House {
  const { folders, settings, tokens, log } = ground;
  const registry = openRegistry(folders.officers);
  const station = openStation({
    tool: TOOL,
    resourcesFolder: folders.resources,
    evidenceFolder: folders.evidence,
    officersFolder: folders.officers,
    mirrorFolder: () => settings.get().mirror,
    stationIdentity: () => settings.get().station,
    tokenAddress: tokens.address,
    startTokenProcess: tokens.start,
    now: () => new Date(),
    onChange: (view) => {
      windows.tell('ceremony.changed', view);
    },
  });
  const isRehearsal = (): boolean => settings.get().embeddedToken;
  const isOnStage = (): boolean => station.current() !== null;
  const projector = { open: () => openProjector(folders.preload, log), close: closeProjector };
  const main: BridgeFunctions = {
    app: appFunctions('main', projector),
    desk: deskFunctions({ station, officers: registry, tokens, isRehearsal }),
    settings: settingsFunctions({ store: settings, tokens, isBusy: isOnStage }),
    officers: officersFunctions({
      registry,
      isRehearsal,
      onChange: (officers) => {
        windows.tell('officers.changed', officers);
      },
    }),
    ceremony: ceremonyFunctions(station),
    evidence: evidenceFunctions({ station, folder: folders.evidence }),
    keys: keysFunctions({ tokens, isBusy: isOnStage }),
  };
  return {
    tables: {
      main,
      projector: { app: { info: appFunctions('projector', projector).info }, ceremony: { current: main.ceremony.current } },
    },
    projector,
    isCeremonyRunning: () => isOnStage() && station.current()?.phase !== 'sealed',
  };
}
