import { join } from 'node:path';
import { startTokenProcess } from '../../core/pkcs11/client';
import { childEnvironment } from '../../core/pkcs11/environment';
import type { Folders } from '../folders';
import type { Log } from '../log';
import type { SettingsStore } from '../settings-store';
import { openTokenSource, type TokenSource } from '../token-source';
import { forkTokenChild } from './token-child';

/** The settings' token, reached through token children of this app. */
export function openTokens(folders: Folders, settings: SettingsStore, log: Log): TokenSource {
  const profilesFolder = join(folders.resources, 'profiles');
  return openTokenSource({
    profilesFolder,
    rehearsalFolder: folders.rehearsal,
    settings: settings.get,
    fork: (names, extra) =>
      startTokenProcess(forkTokenChild(folders.tokenChild, childEnvironment(process.env, names, extra), log), profilesFolder),
  });
}
